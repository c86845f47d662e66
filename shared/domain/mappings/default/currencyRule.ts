/** The entity rule of CURRENCY: rate, precision and symbol (E-90, E-91). */
import type { BusinessCentralRecord, DataverseWriteValue } from '../../common/records.ts';
import {
  type EntityRule,
  plainRule,
  type RuleContext,
  type RuleOutcome,
  type RuleSubject,
} from '../../sync/entityRule.ts';
import { problem } from '../../sync/problems.ts';
import { asCode, isBlank, roundTo } from '../../sync/values.ts';

/** Decimals of an exchange rate (E-91). */
const rateDecimals = 10;

/** Only currencies with a standard ISO code are coupled and synchronised (default-mappings, seed rule of CURRENCY). */
const isoCodePattern = /^[A-Z]{3}$/;

function codeOf(record: { readonly values: BusinessCentralRecord['values'] }): string {
  return asCode(String(record.values['code'] ?? ''));
}

/**
 * Units of the currency for one unit of the Sales base currency, rounded to 10 decimals; null when a rate is
 * missing. The base currency itself is 1.
 */
export function exchangeRate(code: string, context: RuleContext): number | null {
  if (code === context.baseCurrencyCode) return 1;
  const currency = context.currencyRates.get(code);
  const base =
    context.baseCurrencyCode === null ? undefined : context.currencyRates.get(context.baseCurrencyCode);
  if (!currency || !base) return null;
  return roundTo(base / currency, rateDecimals);
}

function rateProblem(code: string, context: RuleContext): RuleOutcome {
  const { baseCurrencyCode } = context;
  if (baseCurrencyCode === null) {
    const message = 'The base currency of the Sales organisation cannot be read.';
    return { kind: 'problem', problem: problem('base-currency-undefined', { message }) };
  }
  if (!context.currencyRates.has(baseCurrencyCode)) {
    const message = `The Sales base currency ${baseCurrencyCode} has no exchange rate in Business Central.`;
    const details = { message, parameters: [baseCurrencyCode] };
    return { kind: 'problem', problem: problem('base-currency-not-in-bc', details) };
  }
  const message = `Currency ${code} has no exchange rate in Business Central that is valid today.`;
  return { kind: 'problem', problem: problem('exchange-rate-missing', { message, parameters: [code] }) };
}

function transferred({ businessCentral, context }: RuleSubject, isInsert: boolean): RuleOutcome {
  if (businessCentral === null) return { kind: 'values', values: {} };
  const code = codeOf(businessCentral);
  const rate = exchangeRate(code, context);
  if (rate === null) return rateProblem(code, context);
  const values: Record<string, DataverseWriteValue> = {};
  // The base currency's rate is always 1 and refused when written (dataverse-web-api section 8).
  if (code !== context.baseCurrencyCode) values['exchangerate'] = rate;
  if (isBlank(businessCentral.values['symbol'])) values['currencysymbol'] = code;
  if (isInsert) values['currencyprecision'] = context.currencyPrecision;
  return { kind: 'values', values };
}

export const currencyRule: EntityRule = {
  ...plainRule,
  facts: ['currencyRates'],
  isCandidate: (pass, source) => pass === 'toDataverse' && isoCodePattern.test(codeOf(source)),
  inputs: (_pass, source, context) => ({ exchangerate: exchangeRate(codeOf(source), context) }),
  onInsert: (subject) => transferred(subject, true),
  onModify: (subject) => transferred(subject, false),
};
