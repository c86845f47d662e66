import { describe, expect, it } from 'vitest';
import { evaluateFilter } from './evaluateFilter.ts';
import { FilterSyntaxError, type FilterValue, propertiesOf } from './filterExpression.ts';
import { parseFilter } from './parseFilter.ts';

function passes(filter: string, record: Record<string, FilterValue>, ignoreCase = false): boolean {
  return evaluateFilter(parseFilter(filter), {
    read: (path) => record[path.join('/')],
    semantics: { ignoreCase },
  });
}

describe('an OData filter', () => {
  it.each([
    ["name eq 'O''Hara'", true],
    ["name ne 'x'", true],
    ['state eq 0 and type eq 3', true],
    ['state eq 1 or type eq 3', true],
    ["not contains(name,'z') and state eq 1", false],
    ["not (contains(name,'z')) or state eq 1", true],
    ["tolower(name) eq 'o''hara'", true],
    ["startswith(name,'O') and endswith(name,'ra')", true],
    ['owner eq 11111111-1111-4111-8111-11111111ABCD', true],
    ['changed ge 2026-01-31T10:00:00.1Z', true],
    ['changed gt 2026-01-31T10:00:00.100Z', false],
    ['day lt 2026-02-01', true],
    ['missing eq null', true],
    ['missing ne null', false],
    ['missing gt 1', false],
    ['amount gt -1.5', true],
    ["Microsoft.Dynamics.CRM.In(PropertyName='type',PropertyValues=[1,3])", true],
    ['type in (1,2)', false],
    ['parent/id ne null', true],
    ["substring(name,2,2) eq 'Ha'", true],
  ])('decides %s as %s', (filter, expected) => {
    const record = {
      name: "O'Hara",
      state: 0,
      type: 3,
      owner: '11111111-1111-4111-8111-11111111abcd',
      changed: '2026-01-31T10:00:00.100Z',
      day: '2026-01-31',
      amount: 0,
      'parent/id': 'x',
    };
    expect(passes(filter, record)).toBe(expected);
  });

  it('compares text without regard to case only where the service does', () => {
    expect(passes("name eq 'ABC'", { name: 'abc' }, true)).toBe(true);
    expect(passes("name eq 'ABC'", { name: 'abc' }, false)).toBe(false);
  });

  it.each([
    ['name eq ', 9],
    ["name eq 'open", 9],
    ['name is 3', 6],
    ['(a eq 1', 8],
    ['a eq 1 b eq 2', 8],
    ['floor(a) eq 1', 1],
    ['', 1],
  ])('names the character where %s stops making sense', (filter, character) => {
    expect(() => parseFilter(filter)).toThrow(FilterSyntaxError);
    expect(() => parseFilter(filter)).toThrow(`at character ${character}`);
  });

  it('refuses hostile nesting instead of exhausting the stack', () => {
    expect(() => parseFilter(`${'('.repeat(5000)}a eq 1${')'.repeat(5000)}`)).toThrow('Nested too deeply');
  });

  it('lists the properties it reads', () => {
    expect(propertiesOf(parseFilter("a eq 1 and tolower(b/c) eq 'x'"))).toEqual([['a'], ['b', 'c']]);
  });

  it.each([
    ["contains(name,'_b%d')", 'xabcd', true],
    ["contains(name,'_b%d')", 'bcd', false],
    ["startswith(name,'[ab]x')", 'bxy', true],
    ["startswith(name,'[^ab]x')", 'bxy', false],
    ["endswith(name,'5%')", '5 apples', true],
    ["endswith(name,'.%z')", 'a.bz', true],
    ["endswith(name,'.%z')", 'a-bz', false],
    ["contains(name,'[')", 'a[b', true],
  ])('takes %%, _ and [] as wildcards when told so: %s on %s', (filter, name, expected) => {
    const subject = { read: () => name, semantics: { ignoreCase: true, likeWildcards: true } };
    expect(evaluateFilter(parseFilter(filter), subject)).toBe(expected);
  });

  it('takes wildcards literally otherwise', () => {
    expect(passes("contains(name,'a%c')", { name: 'abc' })).toBe(false);
  });
});
