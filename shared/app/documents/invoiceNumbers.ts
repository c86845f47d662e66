/** Finds what orders that left Business Central were posted as (D-65). */
import { textLiteral } from '../../domain/common/odataText.ts';
import type { DocumentScope } from './documentScope.ts';

/** Numbers of posted invoices by the number of the order they were posted from; quotes are not posted. */
export async function invoiceNumbers(
  { ports, type }: Pick<DocumentScope, 'ports' | 'type'>,
  orderNumbers: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (type === 'quote') return new Map();
  const wanted = [...new Set(orderNumbers)].filter((number) => number !== '');
  const rows = await ports.businessCentral.readRowsByFilters({
    entitySet: 'salesInvoices',
    route: 'v2.0',
    select: ['number', 'orderNumber', 'status'],
    filters: wanted.map((number) => `orderNumber eq ${textLiteral(number)}`),
  });
  const posted = rows.filter(({ status }) => status !== 'Draft');
  return new Map(posted.map((row) => [String(row['orderNumber'] ?? ''), String(row['number'] ?? '')]));
}
