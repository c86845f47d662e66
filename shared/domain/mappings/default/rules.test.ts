import { describe, expect, it } from 'vitest';
import { guidOf, lookups, record, row } from '../../../../test/builders/records.ts';
import { mappingName } from '../../common/ids.ts';
import { emptyContext, type RuleSubject } from '../../sync/entityRule.ts';
import { ratesOn } from '../../sync/exchangeRates.ts';
import { contactRule } from './contactRule.ts';
import { currencyRule } from './currencyRule.ts';
import { salespersonRule } from './salespersonRule.ts';

const subject = (changes: Partial<RuleSubject>): RuleSubject => ({
  pass: 'toDataverse',
  businessCentral: null,
  dataverse: null,
  insertOrdinal: 0,
  lookups: lookups(),
  context: emptyContext,
  waitingFields: [],
  isUnsettled: false,
  inputChanged: () => true,
  ...changes,
});

describe('SALESPEOPLE', () => {
  it('numbers new salespeople after the highest of the series SP NO. (E-89)', () => {
    const context = { ...emptyContext, salespersonCodes: ['JO', 'SP NO. 00007', 'SP NO. 00002'] };
    const outcome = salespersonRule.onInsert(
      subject({ pass: 'toBusinessCentral', context, insertOrdinal: 1 }),
    );
    expect(outcome).toEqual({ kind: 'values', values: { code: 'SP NO. 00009' } });
  });
});

describe('CURRENCY', () => {
  const rows = [
    {
      currencyCode: 'EUR',
      startingDate: '2026-01-01',
      exchangeRateAmount: 1,
      relationalCurrencyCode: '',
      relationalExchangeRateAmount: 0.6458,
    },
    {
      currencyCode: 'EUR',
      startingDate: '2026-12-01',
      exchangeRateAmount: 1,
      relationalCurrencyCode: '',
      relationalExchangeRateAmount: 0.9,
    },
    {
      currencyCode: 'EUR',
      startingDate: '2025-01-01',
      exchangeRateAmount: 1,
      relationalCurrencyCode: '',
      relationalExchangeRateAmount: 0.5,
    },
    {
      currencyCode: 'USD',
      startingDate: '2026-01-01',
      exchangeRateAmount: 100,
      relationalCurrencyCode: '',
      relationalExchangeRateAmount: 64.8824,
    },
  ];
  const currencyRates = ratesOn(rows, '2026-01-31', 'GBP');
  const context = {
    ...emptyContext,
    localCurrencyCode: 'GBP',
    currencyRates,
    baseCurrencyCode: 'USD',
    currencyPrecision: 2,
  };
  const of = (code: string, symbol = '') => record({ code, symbol, displayName: code });

  it('takes the rate with the latest starting date that is not in the future (business-central-api section 9)', () => {
    expect(currencyRates.get('EUR')).toBeCloseTo(0.6458, 10);
  });

  it('sends the rate from the Sales base currency with 10 decimals, and the code as symbol when there is none (E-90, E-91)', () => {
    const outcome = currencyRule.onInsert(subject({ businessCentral: of('EUR'), context }));
    expect(outcome).toEqual({
      kind: 'values',
      values: { exchangerate: 1.0046825643, currencysymbol: 'EUR', currencyprecision: 2 },
    });
  });

  it('never sends a rate for the base currency itself, and no precision on modify (E-91)', () => {
    const outcome = currencyRule.onModify(subject({ businessCentral: of('USD', '$'), context }));
    expect(outcome).toEqual({ kind: 'values', values: {} });
  });

  it.each([
    ['XAF', context, 'exchange-rate-missing'],
    ['EUR', { ...context, baseCurrencyCode: null }, 'base-currency-undefined'],
    ['EUR', { ...context, baseCurrencyCode: 'JPY' }, 'base-currency-not-in-bc'],
  ])('fails %s without a usable rate with its own code (E-91)', (code, facts, expected) => {
    const outcome = currencyRule.onInsert(subject({ businessCentral: of(code), context: facts }));
    expect(outcome).toMatchObject({ kind: 'problem', problem: { code: expected } });
  });

  it('leaves out currencies without a standard ISO code (seed rule of CURRENCY)', () => {
    expect(currencyRule.isCandidate('toDataverse', of('EUR'), emptyContext)).toBe(true);
    expect(currencyRule.isCandidate('toDataverse', of('MYCOIN'), emptyContext)).toBe(false);
  });

  it('counts a new rate as a change of the currency (E-93, E-164)', () => {
    const before = currencyRule.inputs('toDataverse', of('EUR'), context);
    const later = { ...context, currencyRates: ratesOn(rows, '2026-12-24', 'GBP') };
    expect(currencyRule.inputs('toDataverse', of('EUR'), later)).not.toEqual(before);
  });
});

describe('CONTACT', () => {
  const customer = guidOf('b', 5);
  const account = guidOf('d', 5);
  const person = record({ 'contactExtras/customerId': customer });
  const contactRow = row({ parentcustomerid: account, firstname: 'Rene', lastname: 'Valdes' });
  const there = {
    mapping: mappingName('CUSTOMER'),
    side: 'businessCentral',
    by: 'id',
    value: customer,
  } as const;
  const back = { mapping: mappingName('CUSTOMER'), side: 'dataverse', by: 'id', value: account } as const;

  it('leaves out persons whose company has no customer relation (E-97)', () => {
    const stranger = record({ 'contactExtras/customerId': '00000000-0000-0000-0000-000000000000' });
    expect(contactRule.isCandidate('toDataverse', stranger, emptyContext)).toBe(false);
    expect(contactRule.isCandidate('toDataverse', person, emptyContext)).toBe(true);
  });

  it('puts the contact under the account of its customer (E-99)', () => {
    const known = lookups([[there, { status: 'coupled', id: account, key: '10000' }]]);
    const outcome = contactRule.onInsert(subject({ businessCentral: person, lookups: known }));
    expect(outcome).toEqual({
      kind: 'values',
      values: { parentcustomerid: { table: 'account', id: account } },
    });
  });

  it('waits as a dependency while the customer is not coupled (E-167 as DESIGN decides)', () => {
    const outcome = contactRule.onInsert(subject({ businessCentral: person }));
    expect(outcome).toMatchObject({ kind: 'problem', problem: { kind: 'dependency' } });
  });

  it('creates the person in the company contact of the coupled customer, with a name (E-98)', () => {
    const known = lookups([[back, { status: 'coupled', id: customer, key: '10000' }]]);
    const context = { ...emptyContext, companyContacts: new Map([[customer, 'CT000001']]) };
    const input = subject({ pass: 'toBusinessCentral', dataverse: contactRow, lookups: known, context });
    const values = { companyNumber: 'CT000001', displayName: 'Rene Valdes' };
    expect(contactRule.onInsert(input)).toEqual({ kind: 'values', values });
  });

  it('has no company under an account that is no customer and never becomes one (E-98)', () => {
    const context = { ...emptyContext, accountsOutsideFilter: new Set([account]) };
    const input = subject({ pass: 'toBusinessCentral', dataverse: contactRow, context });
    expect(contactRule.onInsert(input)).toEqual({ kind: 'values', values: { displayName: 'Rene Valdes' } });
    expect(contactRule.onModify(input)).toEqual({ kind: 'values', values: {} });
  });

  it('fails with contact-company-missing while the parent account is not coupled (E-98)', () => {
    const outcome = contactRule.onInsert(subject({ pass: 'toBusinessCentral', dataverse: contactRow }));
    expect(outcome).toMatchObject({
      kind: 'problem',
      problem: { code: 'contact-company-missing', kind: 'dependency' },
    });
  });
});
