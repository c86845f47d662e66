import { describe, expect, it } from 'vitest';
import { guidOf, lookups, thingMapping } from '../../../test/builders/records.ts';
import { mappingName } from '../common/ids.ts';
import { column, constantToBusinessCentral, pair, property } from '../mappings/fieldBuilders.ts';
import type { Transformation } from '../mappings/model.ts';
import { holdsAlready, transferField } from './transfer.ts';

const mapping = thingMapping();
const user = guidOf('a', 1);
const ownerField = pair(
  property('salespersonCode', 'code', 20),
  column('ownerid', 'owner', { lookupTable: 'systemuser' }),
  {
    direction: 'toDataverse',
    lookup: 'SALESPEOPLE',
    notNull: true,
  },
);
const contactField = pair(
  property('contactNumber', 'code', 20),
  column('contactid', 'lookup', { lookupTable: 'contact' }),
  {
    lookup: 'CONTACT',
  },
);
const currencyField = pair(
  property('currencyCode', 'code', 10),
  column('transactioncurrencyid', 'lookup', { lookupTable: 'transactioncurrency' }),
  { lookup: 'CURRENCY' },
);
const byCode = (name: string, value: string) =>
  ({ mapping: mappingName(name), side: 'businessCentral', by: 'key', value }) as const;

describe('transfer of a field', () => {
  it('writes a constant whatever the source holds (E-67)', () => {
    const field = constantToBusinessCentral(property('type', 'enum'), 'Person');
    expect(transferField(mapping, field, 'toBusinessCentral', {}, lookups())).toEqual({
      kind: 'write',
      value: 'Person',
    });
  });

  it('translates a salesperson into the coupled user (E-71)', () => {
    const known = lookups([[byCode('SALESPEOPLE', 'JO'), { status: 'coupled', id: user, key: 'JO' }]]);
    const transfer = transferField(mapping, ownerField, 'toDataverse', { salespersonCode: 'JO' }, known);
    expect(transfer).toEqual({ kind: 'write', value: { table: 'systemuser', id: user } });
  });

  it('leaves the owner as it is when the salesperson is blank or unknown (E-71, E-78)', () => {
    const unknown = lookups([[byCode('SALESPEOPLE', 'XX'), { status: 'notFound' }]]);
    expect(transferField(mapping, ownerField, 'toDataverse', { salespersonCode: '' }, lookups()).kind).toBe(
      'keep',
    );
    expect(transferField(mapping, ownerField, 'toDataverse', { salespersonCode: 'XX' }, unknown).kind).toBe(
      'keep',
    );
  });

  it('fails with salesperson-not-coupled when the salesperson has no user (E-71)', () => {
    const transfer = transferField(mapping, ownerField, 'toDataverse', { salespersonCode: 'JO' }, lookups());
    expect(transfer).toMatchObject({
      kind: 'problem',
      problem: { code: 'salesperson-not-coupled', kind: 'dependency' },
    });
  });

  it('takes the salesperson of a coupled owner from Sales, and fails with owner-not-coupled for any other (E-72)', () => {
    const field = { ...ownerField, direction: 'both' } as const;
    const reference = {
      mapping: mappingName('SALESPEOPLE'),
      side: 'dataverse',
      by: 'id',
      value: user,
    } as const;
    const coupledUser = lookups([[reference, { status: 'coupled', id: guidOf('b', 1), key: 'JO' }]]);
    const transfer = (known: ReturnType<typeof lookups>) =>
      transferField(mapping, field, 'toBusinessCentral', { ownerid: user }, known);
    expect(transfer(coupledUser)).toEqual({ kind: 'write', value: 'JO' });
    expect(transfer(lookups())).toMatchObject({ kind: 'problem', problem: { code: 'owner-not-coupled' } });
  });

  it('fails with record-not-coupled unless the field clears its value instead (E-75, E-77)', () => {
    const source = { contactNumber: 'CT1' };
    const strict = transferField(mapping, contactField, 'toDataverse', source, lookups());
    const lenient = transferField(
      mapping,
      { ...contactField, clearOnFailedSync: true },
      'toDataverse',
      source,
      lookups(),
    );
    expect(strict).toMatchObject({ kind: 'problem', problem: { code: 'record-not-coupled' } });
    expect(lenient).toEqual({ kind: 'write', value: null });
  });

  it('leaves an unpaired option as it is, and the record succeeds (E-81, seed rule)', () => {
    const field = pair(property('termsId', 'guid'), column('terms', 'picklist'), { lookup: 'PAYMENT TERMS' });
    const terms = guidOf('c', 1);
    const reference = {
      mapping: mappingName('PAYMENT TERMS'),
      side: 'businessCentral',
      by: 'id',
      value: terms,
    } as const;
    const transfer = transferField(
      mapping,
      field,
      'toDataverse',
      { termsId: terms },
      lookups([[reference, { status: 'unpaired' }]]),
    );
    expect(transfer.kind).toBe('unpaired');
  });

  it('names the mapping that is missing for a reference (E-76)', () => {
    const answers = lookups([[byCode('CONTACT', 'CT1'), { status: 'noMapping' }]]);
    const transfer = transferField(mapping, contactField, 'toDataverse', { contactNumber: 'CT1' }, answers);
    expect(transfer).toMatchObject({ kind: 'problem', problem: { code: 'related-mapping-missing' } });
  });

  it('sends a blank currency as the local currency, and the local currency back as blank (E-73, E-74)', () => {
    const local = guidOf('f', 1);
    const blank = {
      mapping: mappingName('CURRENCY'),
      side: 'businessCentral',
      by: 'key',
      value: '',
    } as const;
    const back = { mapping: mappingName('CURRENCY'), side: 'dataverse', by: 'id', value: local } as const;
    const answers = lookups([
      [blank, { status: 'coupled', id: local, key: 'GBP' }],
      [back, { status: 'blank' }],
    ]);
    expect(transferField(mapping, currencyField, 'toDataverse', { currencyCode: '' }, answers)).toEqual({
      kind: 'write',
      value: { table: 'transactioncurrency', id: local },
    });
    expect(
      transferField(mapping, currencyField, 'toBusinessCentral', { transactioncurrencyid: local }, answers),
    ).toEqual({
      kind: 'write',
      value: '',
    });
  });

  it('never writes a column that the service only shows', () => {
    const field = pair(property('displayName', 'text', 50), column('fullname', 'string', { access: 'read' }));
    expect(transferField(mapping, field, 'toDataverse', { displayName: 'x' }, lookups()).kind).toBe('keep');
  });
});

describe('a transformation rule', () => {
  const dated = (transformation: Transformation) =>
    pair(property('start', 'date'), column('starts', 'date'), { transformation });
  const rule: Transformation = { rule: 'prefix', direction: 'toDataverse', options: { text: 'NO ' } };
  const named = pair(property('displayName', 'text', 20), column('name', 'string'), { transformation: rule });

  it('works in its own direction only (E-68)', () => {
    const there = transferField(mapping, named, 'toDataverse', { displayName: 'x' }, lookups());
    const back = transferField(mapping, named, 'toBusinessCentral', { name: 'x' }, lookups());
    expect([there, back]).toEqual([
      { kind: 'write', value: 'NO x' },
      { kind: 'write', value: 'x' },
    ]);
  });

  it('fails the record when its result is no date for a date target (E-68)', () => {
    const transfer = transferField(mapping, dated(rule), 'toDataverse', { start: '2026-01-31' }, lookups());
    expect(transfer).toMatchObject({ kind: 'problem', problem: { code: 'transformation-bad-value' } });
  });
});

describe('whether the target holds the value already', () => {
  it('compares text with regard to case, codes without (E-69)', () => {
    const text = pair(property('city', 'text', 20), column('city', 'string'));
    const code = pair(property('country', 'code', 10), column('country', 'string'));
    expect(holdsAlready(text, 'toBusinessCentral', 'Oslo', 'OSLO', lookups())).toBe(false);
    expect(holdsAlready(code, 'toBusinessCentral', 'gb', 'GB ', lookups())).toBe(true);
  });

  it('takes the local currency code in Business Central for blank (business-central-api 3.5)', () => {
    expect(holdsAlready(currencyField, 'toBusinessCentral', '', 'GBP', lookups([], 'GBP'))).toBe(true);
    expect(holdsAlready(currencyField, 'toBusinessCentral', '', 'EUR', lookups([], 'GBP'))).toBe(false);
  });

  it('takes all kinds of blank for equal', () => {
    const text = pair(property('city', 'text', 20), column('city', 'string'));
    expect(holdsAlready(text, 'toDataverse', null, '', lookups())).toBe(true);
  });
});
