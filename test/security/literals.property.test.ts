/** No value can leave its place in a filter: what the service reads back is the very value, and nothing beside it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as businessCentral from '../../shared/adapters/businessCentral/odata.ts';
import * as dataverse from '../../shared/adapters/dataverse/literals.ts';
import { parseFilter } from '../../shared/domain/odata/parseFilter.ts';

const nasty = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    "' or 1 eq 1 or name eq '",
    "''",
    "'",
    "a'b''c",
    '&$filter=x',
    '#',
    '%27',
    '\u2019',
    "\\'",
    '\0',
    "x') or ('",
  ),
);

/** Splits text as a service does: `name eq 'literal'`, with doubled quotes inside. */
function read(filter: string): { readonly property: string; readonly value: string } | null {
  const match = /^(\w+) eq '((?:[^']|'')*)'$/su.exec(filter);
  return match === null ? null : { property: match[1] ?? '', value: (match[2] ?? '').replaceAll("''", "'") };
}

describe('text in filters', () => {
  it.each([
    ['Business Central', businessCentral.textLiteral],
    ['Dataverse', dataverse.textLiteral],
  ])('for %s comes back as it was, alone', (_service, textLiteral) => {
    fc.assert(
      fc.property(nasty, (value) => {
        expect(read(`name eq ${textLiteral(value)}`)).toEqual({ property: 'name', value });
      }),
    );
  });

  it('stays in its query option when it travels in an address', () => {
    fc.assert(
      fc.property(
        nasty.filter((text) => text.isWellFormed()),
        (value) => {
          const filter = `name eq ${businessCentral.textLiteral(value)}`;
          const query = businessCentral.queryString({ select: ['id'], filter });
          const url = new URL(`https://api.example/companies(1)/customers${query}`);
          expect([...url.searchParams.keys()]).toEqual(['$select', '$filter']);
          expect(url.searchParams.get('$filter')).toBe(filter);
          expect(url.hash).toBe('');
        },
      ),
    );
  });

  it('of unknown type is a GUID or stands in quotes', () => {
    fc.assert(
      fc.property(nasty, (value) => {
        const literal = businessCentral.valueLiteral(value);
        expect(literal.startsWith("'") || /^[0-9a-f-]{36}$/.test(literal)).toBe(true);
      }),
    );
  });

  it('for columns of other types is of that type, or left out', () => {
    fc.assert(
      fc.property(
        nasty,
        fc.constantFrom('Integer', 'Money', 'Boolean', 'DateTime', 'Lookup', 'Uniqueidentifier'),
        (value, type) => {
          const literal = dataverse.literal(type, value);
          expect(
            literal === null || /^(null|true|false|[-+.\dEe]+|[0-9a-f-]{36}|[\d:.TZ+-]+)$/.test(literal),
          ).toBe(true);
        },
      ),
    );
  });
});

describe('filters of users', () => {
  it('are parsed whole or refused, whatever they are', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        try {
          parseFilter(text);
        } catch (error) {
          // An internal error of the parser would say that it got lost.
          expect(error).not.toBeInstanceOf(TypeError);
          expect(error).not.toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});
