import { describe, expect, it } from 'vitest';
import {
  coupled,
  plainDigest,
  planInput,
  record,
  row,
  thingMapping,
} from '../../../test/builders/records.ts';
import type { PassDirection } from '../common/directions.ts';
import { SyncFailure } from '../common/failures.ts';
import type { UpdateConflictRule } from '../mappings/model.ts';
import { plainRule } from './entityRule.ts';
import { planRecord } from './plan.ts';
import { problem } from './problems.ts';

const base = { displayName: 'Adatum', number: '10000', city: 'Oslo', limit: 5 };
const baseRow = { name: 'Adatum', city: 'Oslo', limit: 5 };
const mapping = thingMapping();

/** Plans a pair that agreed on the base values, after these edits. */
function planAfter(
  pass: PassDirection,
  edits: { readonly businessCentral?: object; readonly dataverse?: object },
  changes: Parameters<typeof thingMapping>[0] = {},
) {
  const changed = thingMapping(changes);
  const coupling = coupled(changed, record(base), row(baseRow));
  const pair = {
    businessCentral: record({ ...base, ...edits.businessCentral }),
    dataverse: row({ ...baseRow, ...edits.dataverse }),
    coupling,
  };
  return planRecord(planInput({ mapping: changed, pass, pair }));
}

describe('plan of a coupled pair', () => {
  it('writes exactly the changed field to Dataverse', () => {
    const action = planAfter('toDataverse', { businessCentral: { city: 'Bergen' } });
    expect(action).toMatchObject({ kind: 'modify', values: { city: 'Bergen' }, name: '10000 Adatum' });
    expect(action).toMatchObject({
      fields: [{ businessCentralField: 'city', attribute: 'city', before: 'Oslo', after: 'Bergen' }],
    });
  });

  it('writes exactly the changed field to Business Central', () => {
    const action = planAfter('toBusinessCentral', { dataverse: { name: 'Adatum Ltd' } });
    expect(action).toMatchObject({ kind: 'modify', values: { displayName: 'Adatum Ltd' } });
  });

  it('leaves a change of the other side to the other pass', () => {
    const action = planAfter('toDataverse', { dataverse: { name: 'Adatum Ltd' } });
    expect(action).toMatchObject({ kind: 'unchanged' });
    expect(action).toMatchObject({ settledFields: ['city', 'limit'] });
  });

  it('merges edits of different fields on both sides without a conflict (P1)', () => {
    const edits = { businessCentral: { city: 'Bergen' }, dataverse: { name: 'Adatum Ltd' } };
    expect(planAfter('toDataverse', edits)).toMatchObject({ kind: 'modify', values: { city: 'Bergen' } });
    expect(planAfter('toBusinessCentral', edits)).toMatchObject({
      kind: 'modify',
      values: { displayName: 'Adatum Ltd' },
    });
  });

  it('takes equal edits of the same field for agreement', () => {
    const edits = { businessCentral: { city: 'Bergen' }, dataverse: { city: 'Bergen' } };
    expect(planAfter('toDataverse', edits)).toMatchObject({ kind: 'unchanged' });
  });

  it('reports different edits of the same field as conflict in both passes (E-37, E-38)', () => {
    const edits = { businessCentral: { city: 'Bergen' }, dataverse: { city: 'Tromsø' } };
    for (const pass of ['toDataverse', 'toBusinessCentral'] as const) {
      expect(planAfter(pass, edits)).toMatchObject({
        kind: 'conflict',
        problem: { code: 'update-conflict', field: 'city' },
      });
    }
  });

  it.each([
    ['sendToDataverse', 'toDataverse', { kind: 'modify', values: { city: 'Bergen' } }],
    ['sendToDataverse', 'toBusinessCentral', { kind: 'modify', values: { displayName: 'Adatum Ltd' } }],
    [
      'getFromDataverse',
      'toBusinessCentral',
      { kind: 'modify', values: { city: 'Tromsø', displayName: 'Adatum Ltd' } },
    ],
    ['getFromDataverse', 'toDataverse', { kind: 'skip', code: 'conflict-lost' }],
  ] as const)(
    'with %s lets one side win the field in the pass %s and keeps the other edits (E-37, contract fine print)',
    (rule, pass, expected) => {
      const edits = {
        businessCentral: { city: 'Bergen' },
        dataverse: { city: 'Tromsø', name: 'Adatum Ltd' },
      };
      const action = planAfter(pass, edits, { updateConflict: rule as UpdateConflictRule });
      expect(action).toMatchObject(expected);
    },
  );

  it('with record detection finds a conflict when different fields changed on both sides (E-36)', () => {
    const edits = { businessCentral: { city: 'Bergen' }, dataverse: { name: 'Adatum Ltd' } };
    const action = planAfter('toDataverse', edits, { conflictDetection: 'record' });
    expect(action).toMatchObject({ kind: 'conflict' });
  });

  it('lets a one-way field overwrite the target without looking (E-32)', () => {
    const action = planAfter('toDataverse', { dataverse: { limit: 9 } });
    expect(action).toMatchObject({ kind: 'modify', values: { limit: 5 } });
  });

  it('never moves a one-way field the other way', () => {
    expect(planAfter('toBusinessCentral', { dataverse: { limit: 9 } })).toMatchObject({ kind: 'unchanged' });
  });

  it('lets Business Central win the first synchronisation of a matched pair, and waits for nothing else (E-137)', () => {
    const pair = {
      businessCentral: record(base),
      dataverse: row({ ...baseRow, name: 'A. Datum' }),
      coupling: null,
    };
    const input = planInput({ pair, matched: true, firstTime: 'businessCentralWins' });
    expect(planRecord(input)).toMatchObject({ kind: 'couple', values: { name: 'Adatum' } });
  });

  it('reports a conflict for a fresh coupling whose fields differ (E-31)', () => {
    const coupling = { ...coupled(mapping, record(base), row(baseRow)), base: null };
    const pair = { businessCentral: record(base), dataverse: row({ ...baseRow, city: 'Bergen' }), coupling };
    expect(planRecord(planInput({ pair }))).toMatchObject({ kind: 'conflict' });
  });

  it('judges a field enabled later by which record changed, and waits while none did', () => {
    const { city: _city, ...older } = coupled(mapping, record(base), row(baseRow)).base ?? {};
    const coupling = { ...coupled(mapping, record(base), row(baseRow)), base: older };
    const differing = row({ ...baseRow, city: 'Bergen' });
    const plan = (edits: object) =>
      planRecord(
        planInput({
          pair: { businessCentral: record({ ...base, ...edits }), dataverse: differing, coupling },
        }),
      );
    expect(plan({})).toMatchObject({ kind: 'unchanged', settledFields: ['name', 'limit'] });
    expect(plan({ displayName: 'Adatum Ltd' })).toMatchObject({
      values: { name: 'Adatum Ltd', city: 'Oslo' },
    });
  });

  it('fails a record whose coupled counterpart is gone, and does not create another (E-39)', () => {
    const coupling = coupled(mapping, record(base), row(baseRow));
    const pair = { businessCentral: record(base), dataverse: null, coupling };
    expect(planRecord(planInput({ pair }))).toMatchObject({
      kind: 'fail',
      problem: { code: 'coupled-record-deleted', kind: 'deleted' },
    });
  });
});

describe('plan of any record', () => {
  const ours = record(base);
  const theirs = row({ ...baseRow, city: 'Bergen' });
  const coupling = coupled(mapping, record({ ...base, city: 'Bergen' }), theirs);

  it.each([
    ['a coupled one changes its counterpart', { dataverse: theirs, coupling }, false, 'modify'],
    ['a matched one is coupled with it', { dataverse: theirs, coupling: null }, true, 'couple'],
    ['one without a counterpart gets a new one', { dataverse: null, coupling: null }, false, 'insert'],
  ] as const)('is coupled, matched or new (E-26, E-28, E-29): %s', (_what, counterpart, matched, kind) => {
    const pair = { businessCentral: ours, ...counterpart };
    const input = planInput({ pair, matched, firstTime: 'businessCentralWins' });
    expect(planRecord(input)).toMatchObject({ kind });
  });

  it('that cannot be planned at all is the failure of that record alone (E-24, P11)', () => {
    const raise = () => {
      throw new RangeError('Invalid time value');
    };
    const pair = { businessCentral: ours, dataverse: null, coupling: null };
    const action = planRecord(planInput({ pair, rule: { ...plainRule, onInsert: raise } }));
    expect(action).toMatchObject({
      kind: 'fail',
      name: '10000 Adatum',
      problem: { code: 'transfer-failed', message: expect.stringContaining('Invalid time value') },
    });
  });

  it('stops where this program itself is wrong', () => {
    const raise = () => {
      throw new SyncFailure({ kind: 'bug', code: 'invariant', message: 'never' });
    };
    const pair = { businessCentral: ours, dataverse: null, coupling: null };
    const input = planInput({ pair, rule: { ...plainRule, onInsert: raise } });
    expect(() => planRecord(input)).toThrow('never');
  });

  it('writes nothing for a value the source did not send, and does not count it as agreed (P1)', () => {
    const { city: _city, ...known } = base;
    const agreed = coupled(mapping, record(base), row(baseRow));
    const edited = { ...known, displayName: 'Adatum Ltd' };
    const pair = { businessCentral: record(edited), dataverse: row(baseRow), coupling: agreed };
    expect(planRecord(planInput({ pair }))).toMatchObject({
      kind: 'modify',
      values: { name: 'Adatum Ltd' },
      settledFields: ['name', 'limit'],
    });
    const { name: _name, ...sent } = baseRow;
    const back = { businessCentral: record(base), dataverse: row(sent), coupling: agreed };
    const action = planRecord(planInput({ pass: 'toBusinessCentral', pair: back }));
    expect(action).toMatchObject({ kind: 'unchanged', settledFields: ['city'] });
  });
});

describe('values that an entity rule adds to a coupled pair', () => {
  const withRule = (values: Readonly<Record<string, string>>) => {
    const rule = { ...plainRule, onModify: () => ({ kind: 'values', values }) as const };
    const coupling = coupled(mapping, record(base), row(baseRow));
    const pair = { businessCentral: record(base), dataverse: row({ ...baseRow, symbol: '£' }), coupling };
    return planRecord(planInput({ rule, pair }));
  };

  it('are written where they differ', () => {
    expect(withRule({ symbol: '$' })).toMatchObject({ kind: 'modify', values: { symbol: '$' } });
  });

  it('are not written when they are there already (P4)', () => {
    expect(withRule({ symbol: '£' })).toMatchObject({ kind: 'unchanged' });
  });
});

describe('plan of a new record', () => {
  it('lets its entity rule win over mapped fields, and its template over both (E-43)', () => {
    const template = { target: 'dataverse', priority: 0, sourceFilter: null, values: { limit: 7 } } as const;
    const rule = {
      ...plainRule,
      onInsert: () => ({ kind: 'values', values: { city: 'Rule', limit: 6 } }) as const,
    };
    const pair = { businessCentral: record(base), dataverse: null, coupling: null };
    const action = planRecord(planInput({ mapping: thingMapping({ templates: [template] }), rule, pair }));
    expect(action).toMatchObject({ kind: 'insert', values: { name: 'Adatum', city: 'Rule', limit: 7 } });
  });

  it('carries every mapped field, then the template, which wins (E-84, E-85)', () => {
    const withTemplates = thingMapping({
      templates: [
        { target: 'dataverse', priority: 2, sourceFilter: null, values: { city: 'never' } },
        {
          target: 'dataverse',
          priority: 1,
          sourceFilter: "number eq '10000'",
          values: { city: 'Template', kind: 3 },
        },
      ],
    });
    const pair = { businessCentral: record(base), dataverse: null, coupling: null };
    const action = planRecord(planInput({ mapping: withTemplates, pair }));
    expect(action).toMatchObject({
      kind: 'insert',
      values: { name: 'Adatum', city: 'Template', limit: 5, kind: 3 },
    });
  });

  it('carries no one-way field of the other direction', () => {
    const pair = { businessCentral: null, dataverse: row(baseRow), coupling: null };
    const action = planRecord(planInput({ pass: 'toBusinessCentral', pair }));
    expect(action).toMatchObject({ kind: 'insert', values: { displayName: 'Adatum', city: 'Oslo' } });
    expect(action.kind === 'insert' && 'limit' in action.values).toBe(false);
  });

  it('fails when its entity rule says so', () => {
    const raised = problem('exchange-rate-missing', { message: 'no rate' });
    const rule = { ...plainRule, onInsert: () => ({ kind: 'problem', problem: raised }) as const };
    const pair = { businessCentral: record(base), dataverse: null, coupling: null };
    expect(planRecord(planInput({ rule, pair }))).toMatchObject({ kind: 'fail', problem: raised });
  });

  it('gives the same plan for the same input', () => {
    const pair = { businessCentral: record(base), dataverse: null, coupling: null };
    expect(planRecord(planInput({ pair }))).toEqual(planRecord(planInput({ pair, digest: plainDigest })));
  });
});
