import { describe, expect, it } from 'vitest';
import {
  plainDigest,
  planInput,
  record,
  row,
  someSyncJob,
  someTime,
  thingMapping,
} from '../../../test/builders/records.ts';
import type { Coupling } from '../couplings/coupling.ts';
import { sourceChanged } from './changed.ts';
import { planRecord } from './plan.ts';
import { settledCoupling } from './settle.ts';

const mapping = thingMapping();
const ours = record({ number: '1', displayName: 'Adatum', city: 'Oslo', limit: 5 });
const theirs = row({ name: 'Adatum', city: 'Bergen', limit: 5 });

/** The coupling of a pair that the pass to Business Central matched; Business Central is to win its first time. */
function matchedFromSales(): Coupling {
  const pair = { businessCentral: ours, dataverse: theirs, coupling: null };
  const firstTime = 'businessCentralWins' as const;
  const action = planRecord(planInput({ pass: 'toBusinessCentral', pair, matched: true, firstTime }));
  if (action.kind !== 'couple') throw new Error(`planned as ${action.kind}`);
  const { settledFields, waitingFields } = action;
  return settledCoupling({
    mapping,
    pass: 'toBusinessCentral',
    coupling: null,
    manner: 'judge',
    businessCentral: ours,
    dataverse: theirs,
    settledFields,
    waitingFields,
    unappliedFields: [],
    unsentFields: [],
    ruleInputs: {},
    digest: plainDigest,
    syncJobId: someSyncJob,
    at: someTime,
  });
}

describe('a matched pair with values that the other pass has to write', () => {
  it('stays pending, and is a candidate of that pass although nobody touches it (P3)', () => {
    const coupling = matchedFromSales();
    expect(coupling.state).toBe('pending');
    const facts = { mapping, values: ours.values, ruleInputs: {}, coupling, digest: plainDigest };
    expect(sourceChanged({ ...facts, pass: 'toDataverse' })).toBe(true);
  });

  it('is written by the pass of the other direction, and by no further one (P3)', () => {
    const pair = { businessCentral: ours, dataverse: theirs, coupling: matchedFromSales() };
    expect(planRecord(planInput({ pair }))).toMatchObject({ kind: 'modify', values: { city: 'Oslo' } });
    expect(planRecord(planInput({ pair, pass: 'toBusinessCentral' }))).toMatchObject({ kind: 'unchanged' });
  });
});
