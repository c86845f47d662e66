/** Keys, filters, limits and grouping: the rules of the service that need no service to be proven. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fromEpochMs } from '../../domain/common/instants.ts';
import { createIds } from '../system/ids.ts';
import { cutMessage, joinedText, json, orNull, present, readRow, textParts } from './columns.ts';
import { decodePosition, encodePosition } from './continuation.ts';
import type { RowWrite } from './entityTable.ts';
import { filterText } from './filterText.ts';
import { encodeKey, newestFirstKey, prefixEnd } from './keys.ts';
import { lookupCost, scanCost } from './lookups.ts';
import { checkRow } from './rowLimits.ts';
import { transactionGroups, waves } from './transactionGroups.ts';

const insert = (
  row: string,
  properties: RowWrite & { kind: 'insert' } extends { properties: infer P } ? P : never,
) => ({ kind: 'insert', row, properties }) as const;

describe('keys', () => {
  test('an encoded name holds no character the service refuses or unescapes, and names stay apart (B-12, B-38)', () => {
    const name = fc.string({
      unit: fc.constantFrom('/', '\\', '#', '?', '%', '!', "'", '\u0000', '\u009f', 'a', '0', '2', 'f'),
    });
    fc.assert(
      fc.property(name, name, (left, right) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters must be gone
        expect(encodeKey(left)).not.toMatch(/[/\\#?%'\u0000-\u001f\u007f-\u009f]/);
        expect(encodeKey(left) === encodeKey(right)).toBe(left === right);
      }),
    );
    expect(encodeKey('UNIT OF MEASURE')).toBe('UNIT OF MEASURE');
  });

  test('a name longer than a key can be is refused', () => {
    expect(encodeKey('x'.repeat(512))).toHaveLength(512);
    expect(() => encodeKey('/'.repeat(103))).toThrow(expect.objectContaining({ code: 'name-too-long' }));
  });

  test('keys of ids sort newest first, and inverting twice gives the id back', () => {
    const time = fc.integer({ min: 0, max: 4e12 });
    const ids = createIds();
    fc.assert(
      fc.property(time, time, (first, second) => {
        const [older, newer] = [
          ids.runId(fromEpochMs(Math.min(first, second))),
          ids.runId(fromEpochMs(Math.max(first, second) + 1)),
        ];
        expect(newestFirstKey(newer) < newestFirstKey(older)).toBe(true);
        expect(newestFirstKey(newestFirstKey(older))).toBe(older);
      }),
    );
  });

  test('the end of a prefix is behind every key that starts with it', () => {
    expect(prefixEnd('b|')).toBe('b}');
    expect('b|\uffff' < prefixEnd('b|')).toBe(true);
  });

  test('a continuation round-trips, and anything else is refused', () => {
    expect(decodePosition(encodePosition(["A'/", 'b|1']), 2)).toEqual(["A'/", 'b|1']);
    for (const text of ['', '!', encodePosition(['one']), Buffer.from('{}').toString('base64url')]) {
      expect(() => decodePosition(text, 2)).toThrow(
        expect.objectContaining({ code: 'invalid-continuation' }),
      );
    }
  });
});

describe('filters', () => {
  test('quotes are doubled and every bound is there (B-14)', () => {
    expect(
      filterText({
        partition: "O'NEILL",
        rowFrom: 'b|',
        rowBefore: 'b}',
        where: [
          { property: 'state', operator: 'eq', value: "x' or 1 eq 1" },
          { property: 'isOpen', operator: 'eq', value: true },
        ],
      }),
    ).toBe(
      "PartitionKey eq 'O''NEILL' and RowKey ge 'b|' and RowKey lt 'b}' and state eq 'x'' or 1 eq 1' and isOpen eq true",
    );
    expect(filterText({ partitionAfter: 'A', rows: ['1', '2'], rowAfter: '0' })).toBe(
      "PartitionKey gt 'A' and (RowKey eq '1' or RowKey eq '2') and RowKey gt '0'",
    );
    expect(filterText({})).toBe('');
  });
});

describe('limits', () => {
  test('rows the service would refuse never leave, though the emulator would take them (B-13, B-20)', () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, index]));
    const texts = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, 'x'.repeat(32_000)]));
    for (const properties of [many(252), { text: 'x'.repeat(32_768) }, texts(16)]) {
      expect(() => checkRow('T', insert('r', properties))).not.toThrow();
    }
    for (const properties of [many(253), { text: 'x'.repeat(32_769) }, texts(17), { 'a-b': 1 }]) {
      expect(() => checkRow('T', insert('r', properties))).toThrow(
        expect.objectContaining({ code: 'row-too-large' }),
      );
    }
  });

  test('look-ups cost one request per 15 keys, scans one per 1,000 rows and never none', () => {
    expect([0, 1, 15, 16, 31].map(lookupCost)).toEqual([0, 1, 1, 2, 3]);
    expect([0, 1, 1000, 1001, 100_000].map(scanCost)).toEqual([1, 1, 1, 2, 100]);
  });
});

describe('transactions', () => {
  const unit = (size: number, text = '') => ({
    writes: Array.from({ length: size }, (_, index) => insert(`${index}`, { text })),
  });

  test('groups hold at most 100 rows and keep units whole and in order (B-11)', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 400 });
    fc.assert(
      fc.property(sizes, (list) => {
        const units = list.map((size) => unit(size));
        const groups = transactionGroups(units);
        expect(groups.flat()).toEqual(units);
        const rows = groups.map((group) => group.reduce((sum, { writes }) => sum + writes.length, 0));
        expect(Math.max(0, ...rows)).toBeLessThanOrEqual(100);
        for (const [index, count] of rows.slice(0, -1).entries()) {
          expect(count + (groups[index + 1]?.[0]?.writes.length ?? 0)).toBeGreaterThan(100);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('groups stay below 3.5 MB, counted in bytes as sent (B-20)', () => {
    const groups = transactionGroups(Array.from({ length: 50 }, () => unit(1, '€'.repeat(30_000))));
    expect(groups.map((group) => group.length)).toEqual([38, 12]);
  });

  test('a row is written once per wave', () => {
    expect(waves(['a', 'ab', 'b', 'c', 'c'], (text) => [...text])).toEqual([
      ['a'],
      ['ab'],
      ['b', 'c'],
      ['c'],
    ]);
    expect(waves([], () => [])).toEqual([]);
  });
});

describe('columns', () => {
  test('texts of any length round-trip over several properties', () => {
    for (const length of [0, 1, 32_768, 32_769, 70_000]) {
      const text = 'ab'.repeat(length).slice(0, length);
      const parts = textParts('base', text);
      expect(joinedText('base', parts)).toBe(text);
      expect(() => checkRow('T', insert('r', parts))).not.toThrow();
    }
    expect(textParts('base', null)).toEqual({});
    expect(joinedText('base', {})).toBeNull();
  });

  test('messages keep 2,048 characters and show that more was there (E-150)', () => {
    expect(cutMessage('x'.repeat(2048))).toBe('x'.repeat(2048));
    expect(cutMessage('x'.repeat(2049))).toBe(`${'x'.repeat(2047)}…`);
  });

  test('null is not stored, and read back as null', () => {
    expect(present({ a: null, b: 0, c: '', d: false })).toEqual({ b: 0, c: '', d: false });
    expect(z.object({ a: orNull(z.string()) }).parse({})).toEqual({ a: null });
  });

  test('an unreadable row is named with all its faults and none of its values', () => {
    const schema = z.object({ count: z.number(), list: json(z.array(z.string())) });
    const row = { partition: 'P', row: 'R', version: '', properties: { count: 'secret', list: '{secret' } };
    const read = () => readRow('T', row, schema);
    expect(read).toThrow(expect.objectContaining({ kind: 'bug', code: 'stored-row-unreadable' }));
    expect(read).toThrow(
      /^Row R in partition P of table T cannot be read: count: .*; list: is no JSON text\.$/,
    );
    expect(read).not.toThrow(/secret/);
  });
});
