/** The company's local currency (General Ledger Setup). */
import { asCode, canonicalText } from '../../domain/sync/values.ts';
import type { Client } from './client.ts';
import { readRows } from './plainRows.ts';

/** A company that changes its local currency is not heard of sooner than this. */
export const localCurrencyMaxAgeMs = 24 * 60 * 60_000;

/** Its code, upper-case; '' when the setup names none. One request. */
export async function readLocalCurrencyCode(client: Client): Promise<string> {
  const [setup] = await readRows(client, {
    entitySet: 'generalLedgerSetup',
    route: 'v2.0',
    select: ['localCurrencyCode'],
  });
  return asCode(canonicalText(setup?.['localCurrencyCode']));
}
