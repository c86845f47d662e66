/** How far an order of Business Central is shipped and invoiced, told by its lines (D-73, D-94). */
import type { FieldValue } from '../common/records.ts';
import { roundTo } from './values.ts';

const amountDecimals = 2;

type Row = Readonly<Record<string, FieldValue>>;

/** What the state of the Sales order depends on. */
export interface OrderProgress {
  /** Some line is invoiced, none is outstanding, and none shipped without being invoiced (D-73). */
  readonly isInvoiced: boolean;
  /** Everything was delivered (D-94). */
  readonly isShipped: boolean;
  /** Sum of the discounts of the lines (D-86). */
  readonly lineDiscount: number;
  /** Day of the last shipment; null when nothing was shipped, undefined where it was not asked for (D-32). */
  readonly lastShipmentDate?: string | null;
}

/** Properties of a line that tell it. */
export const progressProperties = [
  'documentId',
  'quantity',
  'shippedQuantity',
  'invoicedQuantity',
  'discountAmount',
] as const;

/** Pure; lines without a quantity, such as comments, do not count. */
export function progressOf(lines: readonly Row[]): OrderProgress {
  const counted = lines.filter((line) => amount(line, 'quantity') !== 0);
  const isLineShipped = (line: Row) => amount(line, 'shippedQuantity') === amount(line, 'quantity');
  const isLineInvoiced = (line: Row) => amount(line, 'invoicedQuantity') === amount(line, 'shippedQuantity');
  const isShipped = counted.length > 0 && counted.every(isLineShipped);
  const discounts = lines.reduce((sum, line) => sum + amount(line, 'discountAmount'), 0);
  const isInvoiced = isShipped && counted.every(isLineInvoiced);
  return { isShipped, isInvoiced, lineDiscount: roundTo(discounts, amountDecimals) };
}

function amount(line: Row, property: string): number {
  return Number(line[property] ?? 0);
}
