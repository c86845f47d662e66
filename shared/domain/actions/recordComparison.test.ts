/** Two records side by side, and the versions offered. */
import { describe, expect, it } from 'vitest';
import { coupled, plainDigest, record, row, thingMapping } from '../../../test/builders/records.ts';
import type { MappingDirection } from '../common/directions.ts';
import type { RecordPair } from '../sync/planTypes.ts';
import { compareFields, versionChoice } from './recordComparison.ts';

const agreed = { displayName: 'One', city: 'London', limit: 0 };
const ours = record(agreed);
const theirs = row({ name: 'One', city: 'London', limit: 0 });

function pairOf(ourCity: string, theirPhoneCity: string, ourName = 'One'): RecordPair {
  const mapping = thingMapping();
  return {
    businessCentral: { ...ours, values: { ...agreed, city: ourCity, displayName: ourName } },
    dataverse: { ...theirs, values: { ...theirs.values, city: theirPhoneCity } },
    coupling: coupled(mapping, ours, theirs),
  };
}

function choice(direction: MappingDirection, pair: RecordPair) {
  const mapping = thingMapping({ direction });
  return versionChoice(mapping, pair, compareFields(mapping, pair, plainDigest), []);
}

describe('compareFields', () => {
  it('tells for each side whether it changed since both agreed', () => {
    const [name, city] = compareFields(thingMapping(), pairOf('Oxford', 'London'), plainDigest);
    expect(name).toMatchObject({ baseKnown: true, businessCentralChanged: false, dataverseChanged: false });
    expect(city).toMatchObject({
      ...{ businessCentralValue: 'Oxford', dataverseValue: 'London' },
      ...{ businessCentralChanged: true, dataverseChanged: false },
    });
  });

  it('knows nothing of changes without a base, nor of a record that is gone', () => {
    const pair = { ...pairOf('Oxford', 'London'), coupling: null, dataverse: null };
    const [name] = compareFields(thingMapping(), pair, plainDigest);
    expect(name).toMatchObject({ baseKnown: false, businessCentralChanged: null, dataverseChanged: null });
    expect(name).toMatchObject({ dataverseValue: null });
  });
});

describe('versionChoice', () => {
  it.each([
    ['neither side', pairOf('London', 'London'), 'merge'],
    ['Business Central', pairOf('Oxford', 'London'), 'toDataverse'],
    ['Sales', pairOf('London', 'Oxford'), 'toBusinessCentral'],
    ['both sides, in different fields,', pairOf('London', 'Oxford', 'Two'), 'merge'],
  ] as const)('where %s changed recommends %s (A-61)', (_what, pair, recommended) => {
    expect(choice('both', pair)).toEqual({
      directions: ['toDataverse', 'toBusinessCentral', 'merge'],
      recommended,
      overwritesChanges: false,
    });
  });

  it('offers no merge of a conflict (A-61)', () => {
    const pair = pairOf('Oxford', 'Tromsø');
    const mapping = thingMapping();
    const conflict = { kind: 'conflict' } as Parameters<typeof versionChoice>[3][number];
    const fields = compareFields(mapping, pair, plainDigest);
    expect(versionChoice(mapping, pair, fields, [conflict])).toEqual({
      directions: ['toDataverse', 'toBusinessCentral'],
      recommended: 'toDataverse',
      overwritesChanges: true,
    });
  });

  it('of one direction warns of edits on the side to be overwritten (A-61)', () => {
    expect(choice('toDataverse', pairOf('London', 'Oxford'))).toMatchObject({ overwritesChanges: true });
    expect(choice('toDataverse', pairOf('Oxford', 'London'))).toMatchObject({ overwritesChanges: false });
    expect(choice('toBusinessCentral', pairOf('Oxford', 'London'))).toMatchObject({
      ...{ directions: ['toBusinessCentral'], recommended: 'toBusinessCentral' },
      overwritesChanges: true,
    });
  });

  it('counts a direction that failed last as changed, unless the record waits for a user (A-61)', () => {
    const pair = pairOf('London', 'London');
    if (!pair.coupling) throw new Error('the pair is coupled');
    const failure = { result: 'failure', syncJobId: '' as never, fingerprint: 'x' } as const;
    const failed = {
      ...pair,
      coupling: { ...pair.coupling, state: 'failed', toDataverse: failure },
    } as const;
    const skipped = { ...failed, coupling: { ...failed.coupling, state: 'skipped' } } as const;
    expect(choice('both', failed)?.recommended).toBe('toDataverse');
    expect(choice('both', skipped)?.recommended).toBe('merge');
  });

  it('offers nothing where a record is gone (A-71)', () => {
    expect(choice('both', { ...pairOf('a', 'b'), dataverse: null })).toBeNull();
  });
});
