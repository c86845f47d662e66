import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paymentTerms } from '../mappings/default/paymentTerms.ts';
import { shippingAgent } from '../mappings/default/shippingAgent.ts';
import { withOwnDirection } from '../mappings/optionMapping.ts';
import { answerForCode, answerForOption, codesForOption } from './optionAnswers.ts';
import { codeOfCaption, optionColumnOf, optionRow } from './optionRow.ts';
import { optionNumberOf, optionRowId } from './optionRowId.ts';
import {
  type ColumnOptions,
  madeMeanwhile,
  numbersForNew,
  relatedWrites,
  separateSets,
} from './optionWrites.ts';

const terms = optionColumnOf(paymentTerms);
const agents = optionColumnOf(shippingAgent);

function column(table: string, options: Readonly<Record<number, string>>, sharedSet: string | null = null) {
  const entries = Object.entries(options).map(([value, label]) => ({ value: Number(value), label }));
  return { column: { table, attribute: 'terms' }, sharedSet, options: entries } satisfies ColumnOptions;
}

describe('the id of an option', () => {
  it('gives its number back, for its own column only', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_147_483_647 }), (value) => {
        const id = optionRowId(terms, value);
        expect(optionNumberOf(terms, id)).toBe(value);
        expect(optionNumberOf(agents, id)).toBeNull();
      }),
    );
  });

  it('never changes: stored pairs name their options by it', () => {
    expect(optionRowId(terms, 100_000_002)).toBe('e82d68f9-ecf9-53c2-b94e-000100000002');
  });

  it.each([-1, 1.5, 2 ** 31, Number.NaN])('is refused to %s, which is no number of an option', (value) => {
    expect(() => optionRowId(terms, value)).toThrow(RangeError);
  });
});

describe('the row of an option', () => {
  it('holds the code its caption stands for, and the caption as it is (E-69, E-82)', () => {
    expect(optionRow(paymentTerms, { value: 2, label: ' 2% 10, Net 30' }).values).toEqual({
      paymenttermscode: '2% 10, NET',
      caption: ' 2% 10, Net 30',
    });
    expect(codeOfCaption(paymentTerms, ' FedEx ')).toBe('FEDEX');
  });
});

describe('the options of related columns', () => {
  const wanted = [
    { value: 3, label: 'FedEx' },
    { value: 9, label: 'POST' },
  ];

  it.each([
    ['has both', { 3: 'FedEx', 9: 'POST' }, [], []],
    ['differs in case alone', { 3: 'FEDEX', 9: 'Post' }, [], []],
    ['lacks one', { 3: 'FedEx' }, [9], []],
    ['calls one by another name', { 3: 'Ship', 9: 'POST' }, [], [3]],
    ['has other options besides', { 1: 'X', 3: 'FedEx', 9: 'POST' }, [], []],
  ])('are completed where a column %s (E-82)', (_case, options, adds, renames) => {
    const writes = relatedWrites([column('quote', options)], wanted);
    expect(writes.adds.map(({ value }) => value)).toEqual(adds);
    expect(writes.renames.map(({ value }) => value)).toEqual(renames);
  });

  it('are written once to a set that several columns share, and not to the account column’s own set', () => {
    const own = column('account', {}, 'shared');
    const related = [
      column('quote', {}, 'shared'),
      column('salesorder', {}, 'documents'),
      column('invoice', {}, 'documents'),
      column('lead', {}),
      column('contact', {}),
    ];
    const tables = separateSets(own, related).map((set) => set.column.table);
    expect(tables).toEqual(['salesorder', 'lead', 'contact']);
  });
});

describe('the numbers of new options', () => {
  it('are chosen by the service while no other column has customized numbers of its own', () => {
    const own = column('account', { 1: 'A', 100000000: 'B' });
    const related = [column('quote', { 1: 'A', 2: 'Z', 100000000: 'B' })];
    expect(numbersForNew(own, related, 2)).toEqual([null, null]);
  });

  it('are free in every column otherwise', () => {
    const own = column('account', { 1: 'A' });
    const related = [column('quote', { 100000000: 'Theirs' }), column('invoice', { 100000004: 'Too' })];
    expect(numbersForNew(own, related, 2)).toEqual([100_000_005, 100_000_006]);
  });
});

describe('an add of unknown outcome', () => {
  it('is recognised by its caption among the options that were not there before (P2)', () => {
    const before = [{ value: 1, label: 'COD' }];
    const made = { value: 5, label: 'COD' };
    expect(madeMeanwhile(before, [...before, made], 'COD')).toEqual(made);
    expect(madeMeanwhile(before, before, 'COD')).toBeNull();
    expect(madeMeanwhile(before, [...before, { value: 5, label: 'Other' }], 'COD')).toBeNull();
  });
});

describe('the code an option without a pair stands for', () => {
  const options = [{ value: 4, label: 'Net 60' }];
  const record = (code: string) => [code, { id: `id of ${code}`, code }] as const;

  it('is that of its caption, else that of its number, else none (E-81)', () => {
    const codes = codesForOption(paymentTerms, 4, options);
    expect(codes).toEqual(['NET 60', '4']);
    expect(answerForOption(codes, new Map([record('4'), record('NET 60')]))).toMatchObject({ key: 'NET 60' });
    expect(answerForOption(codes, new Map([record('4')]))).toMatchObject({ status: 'coupled', key: '4' });
    expect(answerForOption(codes, new Map([record('5')]))).toEqual({ status: 'unpaired' });
    expect(codesForOption(paymentTerms, 7, options)).toEqual(['7']);
  });
});

describe('the option a code without a pair stands for', () => {
  it('is none when the code exists, and blank when no record has it (E-81)', () => {
    const byKey = { by: 'key', value: 'COD' } as const;
    const record = { id: 'x', code: 'COD' };
    expect(answerForCode(paymentTerms, byKey, record, null)).toEqual({ status: 'unpaired' });
    expect(answerForCode(paymentTerms, byKey, null, null)).toEqual({ status: 'blank' });
    expect(answerForCode(paymentTerms, { by: 'id', value: 'x' }, null, null)).toEqual({ status: 'unpaired' });
  });
});

describe('the direction of an option mapping', () => {
  it('is that of its fields, too (A-23)', () => {
    const turned = withOwnDirection({ ...paymentTerms, direction: 'toBusinessCentral' });
    expect(turned.fields.map(({ direction }) => direction)).toEqual(['toBusinessCentral']);
  });

  it('cannot be both (E-82)', () => {
    expect(() => withOwnDirection({ ...paymentTerms, direction: 'both' })).toThrow(
      expect.objectContaining({ code: 'option-not-bidirectional', kind: 'config' }),
    );
  });
});
