/** Posts on the wall of a Sales order that tell what happened to it in Business Central (D-76, D-78). */
import { type BusinessCentralId, type DataverseId, mappingName } from '../common/ids.ts';
import type { DataverseWriteValue } from '../common/records.ts';
import { dataverseIdFor } from '../couplings/dataverseIdFor.ts';

/** What is told of; nothing is told of credit memos (D-77). */
export const orderEvents = ['released', 'shipped', 'invoiced'] as const;
export type OrderEvent = (typeof orderEvents)[number];

/** The built-in table takes no longer text (D-78). */
export const longestPost = 250;

/** Three fixed texts (D-76). */
const texts: Readonly<Record<OrderEvent, string>> = {
  released: 'The sales order was released in Business Central.',
  shipped: 'A shipment was made for the sales order in Business Central.',
  invoiced: 'An invoice was made for the sales order in Business Central.',
};

/** Something that happened once: `source` is the order that was released, the shipment, or the invoice. */
export interface OrderNews {
  readonly event: OrderEvent;
  readonly source: BusinessCentralId;
  readonly salesOrder: DataverseId;
  /** Number of the order in Business Central. */
  readonly orderNumber: string;
}

/** A row to be created. */
export interface OrderPost {
  readonly id: DataverseId;
  readonly values: Readonly<Record<string, DataverseWriteValue>>;
}

/** The post for a piece of news; the same news always makes the same row, so that repeating it writes nothing twice (D-78). */
export function postOf(companyId: string, { event, source, salesOrder }: OrderNews): OrderPost {
  return {
    id: dataverseIdFor(companyId, mappingName(`SALES ORDER STATUS ${event}`), source),
    values: {
      text: texts[event].slice(0, longestPost),
      regardingobjectid: { table: 'salesorder', id: salesOrder },
    },
  };
}
