/** What must hold after a full synchronisation with restarts, whatever its size (P2, P5, P8, P10). */
import { expect } from 'vitest';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { MortalHost } from '../crash/mortalHost.ts';
import type { RestartedRun } from './restartedRun.ts';

const customer = mappingName('CUSTOMER');

/** Every customer has one account and one coupling, and another run finds nothing to do. */
export async function checkRestartedRun(run: RestartedRun, records: number): Promise<void> {
  const { world } = run;
  const customers = world.businessCentral.records('customers').map(({ displayName }) => displayName);
  const accounts = world.dataverse.rows('account').map((row) => row['name']);
  expect(customers).toHaveLength(records);
  expect(accounts.toSorted()).toEqual(customers.toSorted());
  const pairs = await couplingsOf(run);
  expect(pairs).toHaveLength(records);
  expect(new Set(pairs.map(({ businessCentralId }) => businessCentralId)).size).toBe(records);
  expect(new Set(pairs.map(({ dataverseId }) => dataverseId)).size).toBe(records);
  expect(run.rows.every(({ counts }) => counts.failed === 0)).toBe(true);
  // The rows of the last run have a finish; a missing one tells of a run that went away (E-149).
  expect(run.rows.slice(-2).every(({ finishedAt }) => finishedAt !== null)).toBe(true);
  await expectIdle(run);
}

async function couplingsOf({ world }: RestartedRun) {
  const { couplings } = world.portsOf(new MortalHost(null));
  const rows = [];
  let continuation: string | null = null;
  do {
    const page = await couplings.list({ mapping: customer }, { top: 1000, continuation });
    rows.push(...page.rows);
    continuation = page.continuation;
  } while (continuation !== null);
  return rows;
}

/** P4: what was written is at rest. */
async function expectIdle({ world }: RestartedRun): Promise<void> {
  await world.advanceMinutes(31);
  const ports = world.portsOf(new MortalHost(null));
  const runId = ports.ids.runId(ports.clock.now());
  await executeRun(ports, world.mappings, { job: customer, runId, trigger: 'manual', followedBy: [] });
  while (await world.queue.deliver((message) => executeRun(ports, world.mappings, message)));
  const { rows } = await ports.logs.listSyncJobs({ runId }, { top: 10, continuation: null });
  expect(rows.map(({ counts }) => [counts.inserted, counts.modified, counts.failed])).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
}
