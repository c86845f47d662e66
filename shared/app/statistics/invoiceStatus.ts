/** The second half of the statistics job: payment status of coupled invoices, with a row of the log of its own (ST-25, D-133). */
import { mappingName } from '../../domain/common/ids.ts';
import type { SyncJob } from '../../domain/logs/syncJob.ts';
import { renewInvoiceStates } from '../documents/invoiceStates.ts';
import { type CodeJobScope, finishCodeJobRow, openCodeJobRow } from '../jobs/codeJob.ts';

const invoices = mappingName('POSTEDSALESINV-INV');

/** Null where invoices are not synchronised. Of these customers alone, or of all (null; D-133). Raises SyncFailure. Safe to call again. */
export async function updateInvoiceStatus(
  scope: CodeJobScope,
  customerNumbers: readonly string[] | null = null,
): Promise<SyncJob | null> {
  const { ports, mappings, run, meters } = scope;
  if (!mappings.some(({ name, enabled }) => name === invoices && enabled)) return null;
  const sentBefore = { businessCentral: meters.businessCentral.sent, dataverse: meters.dataverse.sent };
  const row = await openCodeJobRow(scope, 'toDataverse');
  const { status, counts } = await renewInvoiceStates(ports, mappings, run, customerNumbers);
  const message =
    status === 'busy'
      ? 'Another run works on invoices; what is left is looked at next time.'
      : 'The payment status of invoices was updated.';
  return finishCodeJobRow(scope, row, counts, message, sentBefore);
}
