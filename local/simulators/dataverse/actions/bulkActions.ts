/** CreateMultiple, UpdateMultiple and UpsertMultiple: all or nothing (dataverse-web-api section 13). */
import type { SimulatorResponse } from '../../common/server.ts';
import { badPayload } from '../errors.ts';
import { bodyOf, jsonResponse, noContent, type RequestContext } from '../http/requestContext.ts';
import { idInKey } from '../http/resourcePath.ts';
import type { Table } from '../schema/schema.ts';
import { type WriteContext, writeContext } from '../write/context.ts';
import { createRow } from '../write/createRow.ts';
import { type Body, parseReference } from '../write/parseBody.ts';
import { updateRow } from '../write/updateRow.ts';

/** The bulk actions of standard tables; deleting many rows exists for elastic tables only. */
export const bulkActionNames = ['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple'] as const;
/** One of {@link bulkActionNames}. */
export type BulkAction = (typeof bulkActionNames)[number];

/** Whether the name is one of the bulk actions. */
export function isBulkAction(name: string): name is BulkAction {
  return (bulkActionNames as readonly string[]).includes(name);
}

/** Carries the action out in one transaction. Raises the error of the first row that fails. */
export function bulkAction(context: RequestContext, table: Table, action: BulkAction): SimulatorResponse {
  const targets = targetsOf(context, table);
  const write = writeContext(context.organisation, context.acting);
  const ids = context.organisation.store.transaction(() =>
    targets.map((target) => carryOut(write, table, action, target)),
  );
  if (action !== 'CreateMultiple') return noContent();
  return jsonResponse(context, {
    '@odata.context': `${context.base}/$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse`,
    Ids: ids,
  });
}

/** How many rows the body names; used to model execution time. Never raises. */
export function bulkTargetCount(body: string): number {
  return body.split('"@odata.type"').length - 1;
}

function targetsOf(context: RequestContext, table: Table): readonly Body[] {
  const { Targets: targets } = bodyOf(context);
  if (!Array.isArray(targets)) throw badPayload("The parameter 'Targets' must be a list of rows.");
  const type = `Microsoft.Dynamics.CRM.${table.logicalName}`;
  return targets.map((target: unknown) => {
    if (typeof target !== 'object' || target === null) throw badPayload('A target is not an object.');
    const row = target as Body;
    if (String(row['@odata.type'] ?? '').replace(/^#/, '') !== type) {
      throw badPayload(`Every target needs '@odata.type' with the value '${type}'.`);
    }
    return row;
  });
}

function carryOut(write: WriteContext, table: Table, action: BulkAction, target: Body): string {
  if (action === 'CreateMultiple') return String(createRow(write, table, target)[table.primaryId]);
  const id = idOf(write, table, target);
  const exists = write.organisation.store.get(table, id) !== undefined;
  if (action === 'UpsertMultiple' && !exists) createRow(write, table, target, { id });
  else updateRow(write, table, id, target);
  return id;
}

function idOf(write: WriteContext, table: Table, target: Body): string {
  const key = target[table.primaryId];
  if (typeof key === 'string') return idInKey(table, key);
  const reference = target['@odata.id'];
  if (typeof reference === 'string') return parseReference(write.organisation.schema, reference).id;
  throw badPayload(`A target has neither '${table.primaryId}' nor '@odata.id'.`);
}
