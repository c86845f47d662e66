/** Literals by column type (dataverse-web-api section 5). */
import { describe, expect, it } from 'vitest';
import { isLookupType, literal } from './literals.ts';

const id = 'AAAAAAAA-0000-0000-0000-00000000000B';

describe('literal', () => {
  it.each([
    ['String', "O'Neil & Söhne", "'O''Neil & Söhne'"],
    ['Memo', 12, "'12'"],
    ['Uniqueidentifier', id, id.toLowerCase()],
    ['Lookup', id, id.toLowerCase()],
    ['Picklist', '3', '3'],
    ['Money', 1.5, '1.5'],
    ['Boolean', true, 'true'],
    ['DateTime', '2026-03-02T08:00:00.000Z', '2026-03-02T08:00:00.000Z'],
    ['DateTime', '2026-03-02', '2026-03-02'],
    ['String', null, 'null'],
  ] as const)('writes a %s as the service expects it', (type, value, expected) => {
    expect(literal(type, value)).toBe(expected);
  });

  it.each([
    ['Lookup', 'C10000'],
    ['Uniqueidentifier', 5],
    ['Integer', 'abc'],
    ['Integer', ''],
    ['Decimal', true],
    ['Boolean', 'yes'],
    ['DateTime', "2026' or 1 eq 1"],
  ] as const)('gives null for a value no %s can hold', (type, value) => {
    expect(literal(type, value)).toBeNull();
  });

  it('knows the reference types', () => {
    expect(['Lookup', 'Owner', 'Customer', 'String'].map(isLookupType)).toEqual([true, true, true, false]);
  });
});
