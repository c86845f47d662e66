/** In which currency the document is (D-60, D-61). */
import type { DataverseRow } from '../common/records.ts';
import { asCode, canonicalText } from '../sync/values.ts';
import { type Decided, type DocumentFacts, decided, undecided } from './documentFacts.ts';
import { documentProblem } from './documentProblems.ts';
import type { DocumentType } from './documentType.ts';

/**
 * The code to send. The local currency is sent by its code, because left out it would be the customer's currency. The
 * exchange rate of Sales is ignored.
 */
export function currencyOf(
  type: DocumentType,
  header: DataverseRow,
  { currencies, currencyCodes, localCurrencyCode }: DocumentFacts,
): Decided<string> {
  const id = canonicalText(header.values['transactioncurrencyid']);
  if (id === '') return decided(localCurrencyCode);
  const row = currencies.get(id);
  if (!row) {
    const message = 'The currency of the document does not exist in Sales.';
    return undecided(documentProblem(type, 'DV_CURRENCY_NOT_FOUND', message, [id]));
  }
  const code = asCode(canonicalText(row.values['isocurrencycode']));
  if (code === localCurrencyCode || currencyCodes.has(code)) return decided(code);
  const message = `There is no currency ${code} in Business Central.`;
  return undecided(documentProblem(type, 'CURRENCY_NOT_FOUND', message, [code]));
}
