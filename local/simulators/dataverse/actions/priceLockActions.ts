/**
 * Locking and unlocking the prices of orders and invoices (D-17). Locks are bound to the row; the Web API's list names them as
 * unbound, too (dataverse-web-api section 8), so both addresses answer. Unlocking is unbound.
 */
import { z } from 'zod';
import type { SimulatorResponse } from '../../common/server.ts';
import { badPayload } from '../errors.ts';
import { bodyOf, noContent, type RequestContext } from '../http/requestContext.ts';
import type { Table } from '../schema/schema.ts';
import { writeContext } from '../write/context.ts';
import { updateRow } from '../write/updateRow.ts';

interface PriceLock {
  readonly table: 'salesorder' | 'invoice';
  readonly parameter: 'SalesOrderId' | 'InvoiceId';
  readonly isLocked: boolean;
}

const locks: Readonly<Record<string, PriceLock>> = {
  LockSalesOrderPricing: { table: 'salesorder', parameter: 'SalesOrderId', isLocked: true },
  UnlockSalesOrderPricing: { table: 'salesorder', parameter: 'SalesOrderId', isLocked: false },
  LockInvoicePricing: { table: 'invoice', parameter: 'InvoiceId', isLocked: true },
  UnlockInvoicePricing: { table: 'invoice', parameter: 'InvoiceId', isLocked: false },
};

/** The unbound action of this name; null when there is none. */
export function priceLockAction(name: string): ((context: RequestContext) => SimulatorResponse) | null {
  const lock = locks[name];
  if (!lock) return null;
  return (context) => {
    const body = z.object({ [lock.parameter]: z.guid() }).safeParse(bodyOf(context));
    if (!body.success) throw badPayload(z.prettifyError(body.error));
    return setLock(context, lock, String(body.data[lock.parameter]).toLowerCase());
  };
}

/** The action of this name on a row of the table; null when there is none. Only locks are bound. */
export function boundPriceLock(
  name: string,
  { logicalName }: Table,
  id: string,
): ((context: RequestContext) => SimulatorResponse) | null {
  const lock = locks[name];
  if (!lock?.isLocked || lock.table !== logicalName) return null;
  return (context) => setLock(context, lock, id);
}

/** Refused where the document is closed for editing (D-20). */
function setLock(context: RequestContext, { table, isLocked }: PriceLock, id: string): SimulatorResponse {
  const { organisation, acting } = context;
  const document = organisation.store.tableOf(table);
  updateRow(writeContext(organisation, acting), document, id, { ispricelocked: isLocked });
  return noContent();
}
