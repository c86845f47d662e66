/** Currencies of the organisation by their ISO code. */
import type { DataverseId } from '../../domain/common/ids.ts';
import type { DataverseContext } from './context.ts';
import { readByValues } from './readByFilter.ts';

const currencies = { table: 'transactioncurrency', attributes: ['isocurrencycode'] };

/** The currency of a code; null when there is none, which is asked again: it may be created meanwhile. */
export async function currencyOfIsoCode(
  context: DataverseContext,
  code: string,
): Promise<DataverseId | null> {
  if (code === '') return null;
  const known = await context.currencies.peek(code);
  if (known) return known;
  const [row] = await readByValues(context, currencies, 'isocurrencycode', [code]);
  if (!row) return null;
  return context.currencies.get(code, async () => row.id);
}
