import { describe, expect, it } from 'vitest';
import { guidOf, row, thingMapping } from '../../test/builders/records.ts';
import { readingPorts } from '../../test/builders/services.ts';
import { SyncFailure } from '../domain/common/failures.ts';
import { runId } from '../domain/common/ids.ts';
import { zeroCounters } from '../domain/logs/syncJob.ts';
import type { TableMapping } from '../domain/mappings/model.ts';
import type { Dataverse } from '../ports/dataverse.ts';
import { runRequestFor } from './jobs/runRequest.ts';
import { runMapping } from './runMapping.ts';
import type { SyncPorts } from './syncPorts.ts';

const onlyCoupled = thingMapping({ syncOnlyCoupled: true });
const run = { runId: runId(guidOf('a', 1)), trigger: 'timer' } as const;

function runOf(ports: SyncPorts, mapping: TableMapping) {
  return runMapping(ports, [mapping], runRequestFor(mapping, run));
}

async function logOf(ports: SyncPorts) {
  const { rows } = await ports.logs.listSyncJobs({ runId: run.runId }, { top: 10, continuation: null });
  return rows.toReversed();
}

/** The same ports, except that Sales breaks off after the first page that is read of it. */
function brokenOff(ports: SyncPorts): SyncPorts {
  const readChanges: Dataverse['readChanges'] = async ({ position }) => {
    if (position === null) return { rows: [row({ name: 'A' })], deletedIds: [], next: 'page-2', end: null };
    throw new SyncFailure({ kind: 'transient', code: 'connection-failed', message: 'The connection broke.' });
  };
  const dataverse = { ...ports.dataverse, metered: () => dataverse, readChanges };
  return { ...ports, dataverse };
}

describe('the log of a run', () => {
  it('has one finished row per pass, to Sales first, also when there was nothing to do (E-10, E-11)', async () => {
    const { ports } = readingPorts({});
    await runOf(ports, thingMapping());
    const rows = await logOf(ports);
    expect(rows.map(({ direction }) => direction)).toEqual(['toDataverse', 'toBusinessCentral']);
    for (const { counts, finishedAt } of rows) {
      expect(counts).toEqual(zeroCounters);
      expect(finishedAt).not.toBeNull();
    }
  });

  it('has one row for a mapping of one direction (E-11)', async () => {
    const { ports } = readingPorts({});
    await runOf(ports, thingMapping({ direction: 'toBusinessCentral' }));
    expect((await logOf(ports)).map(({ direction }) => direction)).toEqual(['toBusinessCentral']);
  });

  it('keeps the row of a pass that broke off without a time of finish (E-149, E-156)', async () => {
    const { ports } = readingPorts({});
    await expect(runOf(brokenOff(ports), onlyCoupled)).rejects.toThrow('The connection broke.');
    expect((await logOf(ports)).map(({ finishedAt }) => finishedAt === null)).toEqual([false, true]);
  });
});

describe('the watermarks of a mapping', () => {
  it('are stored together at the end, and neither moves when the second pass breaks off (E-50, E-51)', async () => {
    const { ports } = readingPorts({});
    const mapping = onlyCoupled;
    const positions = async () => {
      const { state } = await ports.mappings.get(mapping.name);
      return [state.businessCentralReadAt, state.dataversePosition];
    };
    await expect(runOf(brokenOff(ports), mapping)).rejects.toThrow();
    expect(await positions()).toEqual([null, null]);
    await runOf(ports, mapping);
    expect(await positions()).toEqual(['2026-01-31T10:00:00.000Z', 'token-2']);
  });
});
