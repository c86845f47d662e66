/** Checks of table mappings: each thing that is wrong has its code and its place. */
import { describe, expect, it } from 'vitest';
import { thingMapping, withField } from '../../../test/builders/records.ts';
import { mappingName } from '../common/ids.ts';
import { defaultMappings } from './catalog.ts';
import { checkMapping, checkName } from './checkMappings.ts';
import type { ColumnFacts } from './completeMapping.ts';
import { column, constantToBusinessCentral, constantToDataverse, pair, property } from './fieldBuilders.ts';
import { introduced, problemAt } from './mappingProblem.ts';
import type { FieldMapping, TableMapping } from './model.ts';

const alone = { others: [], known: null };

function problemsOf(mapping: TableMapping, around: Parameters<typeof checkMapping>[1] = alone) {
  return checkMapping(mapping, around).map(({ code, path }) => `${code} at ${path.join('.')}`);
}

/** The mapping of things with its first field, `name`, changed. */
function withName(changes: Partial<FieldMapping>, mapping: Partial<TableMapping> = {}): TableMapping {
  const base = thingMapping(mapping);
  const fields = base.fields.map((field) => (field.id === 'name' ? { ...field, ...changes } : field));
  return { ...base, fields };
}

function named(name: string, dependsOn: readonly string[]): TableMapping {
  return thingMapping({ name: mappingName(name), dependsOn: dependsOn.map(mappingName) });
}

const textColumn: ColumnFacts = {
  type: 'String',
  maxLength: 100,
  validForCreate: true,
  validForUpdate: true,
  navigation: {},
};

describe('a mapping that is right', () => {
  it('has no problems', () => expect(problemsOf(thingMapping())).toEqual([]));

  it.each(['person', 'team'] as const)('all defaults are, under %s ownership', (ownershipModel) => {
    const others = defaultMappings(ownershipModel);
    // Templates of the defaults name columns that only metadata knows.
    const problems = others.flatMap((mapping) =>
      checkMapping({ ...mapping, templates: [] }, { others, known: null }),
    );
    // The reference lists some fields that are never written: other columns decide them (default-mappings.md, attributeAccess).
    expect(problems.filter(({ code }) => code !== 'property-read-only')).toEqual([]);
  });
});

describe('fields', () => {
  it('have ids of their own', () => {
    const twice = pair(property('other', 'text'), column('other', 'string'));
    const mapping = withField(thingMapping(), { ...twice, id: 'name' });
    expect(problemsOf(mapping)).toEqual(['duplicate-field-id at fields.3.id']);
  });

  it('do not write the same column twice, or the same property', () => {
    const again = { ...pair(property('other', 'text'), column('name', 'string')), id: 'again' };
    expect(problemsOf(withField(thingMapping(), again))).toEqual(['duplicate-target at fields.3.enabled']);
    expect(problemsOf(withField(thingMapping(), { ...again, enabled: false }))).toEqual([]);
    const back = pair(property('city', 'text'), column('town', 'string'), { direction: 'toBusinessCentral' });
    expect(problemsOf(withField(thingMapping(), back))).toEqual(['duplicate-target at fields.3.enabled']);
  });

  it('go the way of a one-way mapping', () => {
    const mapping = withName({ direction: 'toBusinessCentral' }, { direction: 'toDataverse' });
    expect(problemsOf(mapping)).toEqual(['wrong-direction at fields.0.direction']);
  });

  it('do not go where they have no target, or one that cannot be written', () => {
    const constant = {
      ...constantToDataverse(column('kind', 'string'), 'x'),
      direction: 'toBusinessCentral',
    } as const;
    expect(problemsOf(withField(thingMapping(), constant))).toEqual([
      'wrong-direction at fields.3.direction',
    ]);
    const dataverse = column('name', 'string', { access: 'read' });
    const toDataverse = withName({ dataverse, direction: 'toDataverse' });
    expect(problemsOf(toDataverse)).toEqual(['property-read-only at fields.0.direction']);
    const businessCentral = { ...property('displayName', 'text'), readOnly: true };
    const toOurs = withName({ businessCentral, direction: 'toBusinessCentral' });
    expect(problemsOf(toOurs)).toEqual(['property-read-only at fields.0.direction']);
  });

  it.each(['both', 'toBusinessCentral'] as const)(
    'that are enabled exist for each direction of the mapping, here %s (direction-needs-field, A-23, A-40)',
    (direction) => {
      const fields = thingMapping().fields.map((field) => ({ ...field, direction: 'toDataverse' as const }));
      const problems = checkMapping(thingMapping({ direction, fields }), alone);
      expect(problems).toContainEqual(
        expect.objectContaining({ code: 'direction-needs-field', path: ['direction'] }),
      );
    },
  );

  it('that are disabled do not count for the direction (E-64)', () => {
    const fields = thingMapping().fields.map((field) => ({ ...field, enabled: false }));
    expect(problemsOf(thingMapping({ fields }))).toEqual(['direction-needs-field at direction']);
  });

  it('are not null for ids only, and not together with clearing (not-null-only-guid, not-null-vs-clear, E-3, A-43)', () => {
    expect(problemsOf(withName({ notNull: true }))).toEqual(['not-null-only-guid at fields.0.notNull']);
    const dataverse = column('owner', 'owner', { lookupTable: 'systemuser' });
    expect(problemsOf(withName({ dataverse, notNull: true }))).toEqual([]);
    const both = withName({ dataverse, notNull: true, clearOnFailedSync: true });
    expect(problemsOf(both)).toEqual(['not-null-vs-clear at fields.0.notNull']);
  });

  it('that match read both sides and no constant (A-44, E-116)', () => {
    const match = { priority: 0, caseSensitive: false };
    const constant = { ...constantToDataverse(column('kind', 'string'), 'x'), match };
    expect(problemsOf(withField(thingMapping(), constant))).toEqual(['match-on-constant at fields.3.match']);
  });

  it('without a source have a constant, and a constant goes one way and fits its target (E-67)', () => {
    const missing = constantToDataverse(column('kind', 'string'), null);
    expect(problemsOf(withField(thingMapping(), missing))).toEqual(['constant-missing at fields.3.constant']);
    expect(problemsOf(withName({ constant: 'x' }))).toEqual([
      'constant-needs-direction at fields.0.constant',
    ]);
    expect(problemsOf(withName({ constant: 'x', direction: 'toDataverse' }))).toEqual([]);
    const number = constantToDataverse(column('kind', 'picklist'), 'three');
    expect(problemsOf(withField(thingMapping(), number))).toEqual([
      'constant-bad-value at fields.3.constant',
    ]);
    const date = constantToBusinessCentral(property('since', 'date'), 'soon');
    expect(problemsOf(withField(thingMapping(), date))).toEqual(['constant-bad-value at fields.3.constant']);
  });

  it('look up mappings that exist; disabled ones may wait for theirs (related-mapping-missing, E-76)', () => {
    const lookup = mappingName('OWNERS');
    expect(problemsOf(withName({ lookup }))).toEqual(['related-mapping-missing at fields.0.lookup']);
    expect(problemsOf(withName({ lookup }), { others: [named('OWNERS', [])], known: null })).toEqual([]);
    expect(problemsOf(withField(thingMapping(), { ...pairOf('x'), lookup, enabled: false }))).toEqual([]);
  });

  const pairOf = (name: string) => pair(property(name, 'text'), column(name, 'string'));

  it('exist in both services where they were asked', () => {
    const columns = { name: textColumn, city: textColumn };
    const properties = new Map([['city', false]]);
    expect(problemsOf(thingMapping(), { others: [], known: { columns, properties } })).toEqual([
      'property-not-found at fields.1.businessCentral',
      'property-not-found at fields.2.dataverse',
    ]);
  });
});

describe('a mapping among others', () => {
  it('depends on mappings that exist', () => {
    expect(problemsOf(named('A', ['NOWHERE', 'CUSTOMER']))).toEqual(['dependency-missing at dependsOn.0']);
  });

  it('names the circle its dependencies make (E-135)', () => {
    const others = [named('B', ['C']), named('C', ['A'])];
    const [problem] = checkMapping(named('A', ['B']), { others, known: null });
    expect(problem).toMatchObject({
      code: 'circular-dependency',
      message: expect.stringContaining('A -> B -> C -> A'),
    });
    expect(problemsOf(named('A', ['A']))).toEqual(['circular-dependency at dependsOn']);
    expect(problemsOf(named('D', ['B']), { others: [...others, named('A', ['B'])], known: null })).toEqual(
      [],
    );
  });

  it.each(['CUSTOMER', 'UNIT GROUP', 'SALES ORDER STATUS', 'B'])(
    'does not take the name %s (A-34)',
    (name) => {
      const codes = checkName({ name: mappingName(name) }, [named('B', [])]).map(({ code }) => code);
      expect(codes).toEqual(['name-taken']);
    },
  );

  it('may have any other name', () => {
    expect(checkName({ name: mappingName('MINE') }, [named('B', [])])).toEqual([]);
  });
});

describe('other parts', () => {
  it('filters can be read, on either side', () => {
    const base = thingMapping();
    const businessCentral = { ...base.businessCentral, filter: 'name eq' };
    const dataverse = { ...base.dataverse, filter: "(name eq 'a'" };
    expect(problemsOf({ ...base, businessCentral, dataverse })).toEqual([
      'filter-unreadable at businessCentral.filter',
      'filter-unreadable at dataverse.filter',
    ]);
  });

  it('option mappings go one way (option-not-bidirectional, E-82)', () => {
    expect(problemsOf(thingMapping({ kind: 'option' }))).toEqual(['option-not-bidirectional at direction']);
  });

  it.each(['nothing', 'constructor', '__proto__'])('the rule %s does not exist', (rule) => {
    expect(problemsOf(thingMapping({ rule }))).toEqual(['rule-not-found at rule']);
  });

  it('templates set what exists and can be set (E-85)', () => {
    const values = { name: 'x', color: 'red', number: 'N', constructor: 1 };
    const ours = { target: 'businessCentral', priority: 0, sourceFilter: null, values } as const;
    const theirs = { target: 'dataverse', priority: 0, sourceFilter: 'city eq', values } as const;
    const mapping = thingMapping({ templates: [ours, theirs] });
    expect(problemsOf(mapping)).toEqual([
      'property-not-found at templates.0.values.name',
      'property-not-found at templates.0.values.color',
      'property-not-found at templates.0.values.constructor',
      'filter-unreadable at templates.1.sourceFilter',
      'property-not-found at templates.1.values.color',
      'property-not-found at templates.1.values.number',
      'property-not-found at templates.1.values.constructor',
    ]);
    const columns = {
      name: { ...textColumn, validForCreate: false },
      color: textColumn,
      city: textColumn,
      limit: textColumn,
    };
    const known = { columns, properties: new Map([['color', true]]) };
    expect(
      problemsOf({ ...mapping, templates: [ours, { ...theirs, sourceFilter: null }] }, { others: [], known }),
    ).toEqual([
      'property-not-found at templates.0.values.name',
      'property-not-found at templates.0.values.constructor',
      'property-read-only at templates.1.values.name',
      'property-not-found at templates.1.values.number',
      'property-not-found at templates.1.values.constructor',
    ]);
  });
});

it('a change answers only for problems that were not there before', () => {
  const old = problemAt('rule-not-found', ['rule'], 'names nothing');
  const young = problemAt('constant-missing', ['fields', 0, 'constant'], 'must be given');
  expect(introduced([old], [old, young])).toEqual([young]);
});
