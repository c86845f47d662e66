/** Data nobody thought of, through every default mapping: no record may raise, or send what its target cannot hold. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PassDirection, passesOf, targetSide } from '../../shared/domain/common/directions.ts';
import { emptyGuid } from '../../shared/domain/common/ids.ts';
import type { FieldValue, FieldValues } from '../../shared/domain/common/records.ts';
import { defaultMappings, entityRuleOf } from '../../shared/domain/mappings/catalog.ts';
import { businessCentralKey, type TableMapping } from '../../shared/domain/mappings/model.ts';
import { sourceChanged } from '../../shared/domain/sync/changed.ts';
import { emptyContext } from '../../shared/domain/sync/entityRule.ts';
import { findMatch, matchIndex } from '../../shared/domain/sync/match.ts';
import { planRecord } from '../../shared/domain/sync/plan.ts';
import { isWriting, type PlannedAction } from '../../shared/domain/sync/planTypes.ts';
import {
  businessCentralFilter,
  dataverseFilter,
  passesBusinessCentral,
  passesDataverse,
} from '../../shared/domain/sync/recordFilter.ts';
import { fieldReferences } from '../../shared/domain/sync/references.ts';
import { coupled, plainDigest, planInput, record, row } from '../builders/records.ts';

const runsPerMapping = 200;
const mappings = defaultMappings('person').map((mapping) => [mapping.name, mapping] as const);

const strange: readonly FieldValue[] = [
  null,
  '',
  ' ',
  '0',
  'no-guid',
  emptyGuid,
  '0001-01-01',
  '0001-01-01T00:00:00Z',
  '2026-13-45',
  '9999-12-31T23:59:59.9999999Z',
  '\u200B\u200D\uFEFF',
  '\uD83D',
  '😀'.repeat(200),
  '{"a":1}',
  "'; DROP TABLE",
  true,
  false,
  -1,
  0.1 + 0.2,
  1e21,
  5e-324,
  987_654,
  Number.MAX_SAFE_INTEGER,
];
const value = fc.oneof(fc.constantFrom(...strange), fc.string({ unit: 'binary' }));

/** Some of the keys, each with some value: a key that is left out was not sent. */
function valuesOf(keys: readonly string[]): fc.Arbitrary<FieldValues> {
  const shape = Object.fromEntries(keys.map((key) => [key, value]));
  return fc.record(shape, { requiredKeys: [] }) as fc.Arbitrary<FieldValues>;
}

function ourKeys({ businessCentral, fields, ...mapping }: TableMapping): readonly string[] {
  const whole = { businessCentral, fields, ...mapping };
  const mapped = [...fields.flatMap((field) => field.businessCentral ?? []), ...businessCentral.extraFields];
  const { keyProperty, nameProperty } = businessCentral;
  return [keyProperty, nameProperty, ...mapped.map((field) => businessCentralKey(whole, field))];
}

function theirKeys({ dataverse, fields }: TableMapping): readonly string[] {
  const mapped = fields.flatMap((field) => field.dataverse?.attribute ?? []);
  return [dataverse.nameAttribute, ...dataverse.extraAttributes, ...mapped];
}

/** Fields whose text in a write is longer than their target takes. */
function misfits(mapping: TableMapping, pass: PassDirection, action: PlannedAction): readonly string[] {
  if (!isWriting(action)) return [];
  const side = targetSide(pass);
  return mapping.fields.flatMap((field) => {
    const key = side === 'dataverse' ? field.dataverse?.attribute : field.businessCentral?.property;
    const sent = action.values[key ?? ''];
    const longest = field[side]?.maxLength ?? Number.POSITIVE_INFINITY;
    return typeof sent === 'string' && sent.length > longest ? [field.id] : [];
  });
}

describe.each(mappings)('%s', (_name, mapping) => {
  const both = fc.record({ ours: valuesOf(ourKeys(mapping)), theirs: valuesOf(theirKeys(mapping)) });
  const rule = entityRuleOf(mapping);

  it('plans any values, or says what is wrong with the record, and never raises (E-24, E-83, P11)', () => {
    fc.assert(
      fc.property(both, both, ({ ours, theirs }, agreed) => {
        const pairs = { businessCentral: record(ours), dataverse: row(theirs) };
        const coupling = coupled(mapping, record(agreed.ours), row(agreed.theirs));
        for (const pass of passesOf(mapping.direction)) {
          const alone = { businessCentral: null, dataverse: null, coupling: null };
          const source = pass === 'toDataverse' ? 'businessCentral' : 'dataverse';
          const created = { ...alone, [source]: pairs[source] };
          for (const pair of [{ ...pairs, coupling }, created]) {
            const action = planRecord(planInput({ mapping, rule, pass, pair }));
            expect(action.kind === 'fail' ? action.problem.message : '').not.toContain(
              'cannot be transferred',
            );
            expect(misfits(mapping, pass, action)).toEqual([]);
          }
        }
      }),
      { numRuns: runsPerMapping },
    );
  });

  it('reads, filters, compares and matches any values without raising (P11)', () => {
    const filters = [
      businessCentralFilter(mapping.businessCentral.filter),
      dataverseFilter(mapping.dataverse.filter),
    ] as const;
    fc.assert(
      fc.property(both, ({ ours, theirs }) => {
        const pair = { businessCentral: record(ours), dataverse: row(theirs) };
        const coupling = coupled(mapping, pair.businessCentral, pair.dataverse);
        passesBusinessCentral(filters[0], pair.businessCentral);
        passesDataverse(filters[1], pair.dataverse);
        for (const pass of passesOf(mapping.direction)) {
          const source = pass === 'toDataverse' ? pair.businessCentral : pair.dataverse;
          rule.isCandidate(pass, source, emptyContext);
          rule.references(pass, source, emptyContext);
          fieldReferences(mapping, pass, source.values);
          const ruleInputs = rule.inputs(pass, source, emptyContext);
          sourceChanged({ mapping, pass, values: source.values, ruleInputs, coupling, digest: plainDigest });
          const index = matchIndex(mapping, targetSide(pass), [
            pass === 'toDataverse' ? pair.dataverse : pair.businessCentral,
          ]);
          const side = pass === 'toDataverse' ? 'businessCentral' : 'dataverse';
          findMatch(mapping, { side, values: source.values }, index, () => false);
        }
      }),
      { numRuns: runsPerMapping },
    );
  });
});
