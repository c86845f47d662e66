/** What fits which coupled data error, and couplings that lost a record. */
import { describe, expect, it } from 'vitest';
import { coupled, record, row, someSyncJob, someTime, thingMapping } from '../../../test/builders/records.ts';
import { syncErrorId } from '../common/ids.ts';
import {
  type ErrorAction,
  type FoundPair,
  leftOutOf,
  losesRecordsOnlyByDeletion,
  markedLost,
  passOfLost,
  retriedCoupling,
} from './coupledDataErrors.ts';

const ours = record({ number: '1', displayName: 'One' });
const theirs = row({ name: 'One' });
const whole: FoundPair = { businessCentral: ours, dataverse: theirs };
const salesLost: FoundPair = { businessCentral: ours, dataverse: null };
const centralLost: FoundPair = { businessCentral: null, dataverse: theirs };
const empty: FoundPair = { businessCentral: null, dataverse: null };

describe('an action on a coupled data error', () => {
  it.each<[ErrorAction, readonly (string | null)[]]>([
    ['retry', [null, 'coupled-record-deleted', 'coupled-record-deleted', 'both-records-deleted']],
    ['synchronize', [null, 'coupled-record-deleted', 'coupled-record-deleted', 'both-records-deleted']],
    ['restore', ['both-records-exist', null, null, 'both-records-deleted']],
    ['delete', ['both-records-exist', null, null, 'both-records-deleted']],
    ['removeCoupling', [null, null, null, null]],
  ])('%s fits only pairs that are whole, or have lost one side (A-71)', (action, expected) => {
    const pairs = [whole, salesLost, centralLost, empty];
    expect(pairs.map((pair) => leftOutOf(action, thingMapping(), pair)?.code ?? null)).toEqual(expected);
  });

  it('restores only towards a side the mapping writes to; deleting needs none (E-144, E-145, E-157)', () => {
    const mapping = thingMapping({ direction: 'toDataverse' });
    expect(leftOutOf('restore', mapping, salesLost)).toBeNull();
    expect(leftOutOf('restore', mapping, centralLost)?.code).toBe('direction-not-allowed');
    expect(leftOutOf('delete', mapping, centralLost)).toBeNull();
  });
});

describe('a coupling', () => {
  it('loses its skip and keeps its last result; others stay as they are (E-59)', () => {
    const coupling = coupled(thingMapping(), ours, theirs);
    expect(retriedCoupling({ ...coupling, state: 'skipped' })).toEqual({ ...coupling, state: 'failed' });
    expect(retriedCoupling(coupling)).toBe(coupling);
  });

  it.each([
    ['both', 'toDataverse', 'toBusinessCentral'],
    ['toDataverse', 'toDataverse', 'toDataverse'],
    ['toBusinessCentral', 'toBusinessCentral', 'toBusinessCentral'],
  ] as const)(
    'of a mapping %s that lost a side fails in a pass that a run makes',
    (direction, sales, central) => {
      expect(passOfLost(direction, salesLost)).toBe(sales);
      expect(passOfLost(direction, centralLost)).toBe(central);
      const mapping = thingMapping({ direction });
      const errorId = syncErrorId('00000000-0000-4000-8000-000000000001');
      const lastError = { errorId, code: 'x', message: 'x', occurredAt: someTime };
      const raised = { syncJobId: someSyncJob, lastError };
      const marked = markedLost(mapping, coupled(mapping, ours, theirs), centralLost, raised);
      expect(marked).toMatchObject({ state: 'skipped', lastError, [central]: { result: 'failure' } });
    },
  );
});

describe('looking for deleted records', () => {
  it('leaves out documents that leave Business Central by being posted (E-143)', () => {
    const mapping = thingMapping();
    const orders = { ...mapping, businessCentral: { ...mapping.businessCentral, entitySet: 'salesOrders' } };
    expect([mapping, orders].map(losesRecordsOnlyByDeletion)).toEqual([true, false]);
  });
});
