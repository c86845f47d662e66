/** Carries out one queued run: job queue entry, run of the mapping, outcome, and what follows. */
import { SyncFailure } from '../../domain/common/failures.ts';
import { mappingName } from '../../domain/common/ids.ts';
import { findMapping } from '../../domain/mappings/catalog.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { QueuedRun, RunMessage } from '../../ports/queue.ts';
import { executeAction } from '../actions/executeAction.ts';
import { continueOrders } from '../documents/orders/continueOrders.ts';
import { endLine } from '../fullSync/endLine.ts';
import { isTakenByAnother } from '../run/lease.ts';
import { type MappingRunResult, runMapping } from '../runMapping.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { asFailure } from './asFailure.ts';
import { beginRun, isScheduled } from './beginRun.ts';
import { codeJobOf } from './codeJobs.ts';
import { type BegunRun, endBadly, endWell, giveWay, logFailedRun, logRun } from './endRun.ts';
import { endFailedRows } from './failedRun.ts';
import { giveUpWhileDisabled } from './integrationSwitch.ts';
import { endWithoutSet } from './missingSet.ts';
import { runCodeJob } from './runCodeJob.ts';
import { runRequestFor } from './runRequest.ts';

/** A message that meets a running run of its mapping waits this long and tries again. */
const busyDelaySeconds = 5;

/**
 * Runs the job of a message and sends on what follows it, also after a failure: the dependants of a failed job find
 * fewer couplings and keep their records on the retry list. A failure of the run is recorded on the entry, not thrown.
 */
export async function executeRun(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  message: RunMessage,
): Promise<void> {
  const { followedBy, ...run } = message;
  const isGivenUp = await giveUpWhileDisabled(ports, mappings, run);
  const outcome = isGivenUp ? 'over' : await outcomeOf(ports, mappings, run);
  if (outcome === 'busy') {
    if (!isScheduled(run) || followedBy.length > 0) await ports.queue.send(message, busyDelaySeconds);
    return;
  }
  if (outcome === 'paused') return ports.queue.send(message);
  if (run.trigger === 'fullSync') await endLine(ports, mappings, run);
  const [next, ...rest] = followedBy;
  if (next) await ports.queue.send({ ...next, followedBy: rest });
}

type Outcome = 'over' | 'busy' | 'paused';

/** Actions have no job queue entry: what becomes of them is remembered with them. */
async function outcomeOf(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  run: QueuedRun,
): Promise<Outcome> {
  if (run.trigger === 'action') return executeAction(ports, mappings, run);
  const begun = await beginRun(ports, run);
  if (begun.status === 'begun') return carryOut(ports, mappings, { ...begun, run });
  return begun.status === 'unknown' ? runWithoutEntry(ports, mappings, run) : begun.status;
}

/**
 * A mapping without a scheduled job takes part in full and manual runs only (E-107, J-79): its rows in the log and its
 * state tell how they went.
 */
async function runWithoutEntry(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  run: QueuedRun,
): Promise<Outcome> {
  const mapping = mappings.find(({ name, job }) => name === run.job && job === null);
  if (!mapping) return 'over';
  if (await isTakenByAnother(ports, run.job, run.runId)) return 'busy';
  try {
    const result = await runMapping(ports, mappings, runRequestFor(mapping, run));
    if (result.status !== 'done') return result.status;
    logRun(ports, run, result.syncJobs);
  } catch (error) {
    const failure = asFailure(error);
    logFailedRun(ports, run, failure);
    await endFailedRows(ports, run, mapping, failure);
  }
  return 'over';
}

async function carryOut(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  begun: BegunRun,
): Promise<Outcome> {
  const result = await tryRun(ports, mappings, begun).catch(asFailure);
  if (result instanceof SyncFailure) await endFailed(ports, mappings, begun, result);
  else if (result.status === 'busy') await giveWay(ports, begun);
  else if (result.status === 'done') {
    await endWell(ports, begun, result);
    await continueOrders(ports, begun.run);
  }
  return result instanceof SyncFailure || result.status === 'done' ? 'over' : result.status;
}

async function endFailed(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  begun: BegunRun,
  failure: SyncFailure,
): Promise<void> {
  const without = await endWithoutSet(ports, mappings, begun.run, failure);
  await (without ? endWell(ports, begun, without) : endBadly(ports, begun, failure));
}

async function tryRun(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  { run, entry }: BegunRun,
): Promise<MappingRunResult> {
  const codeJob = codeJobOf(run.job);
  if (codeJob) return runCodeJob(ports, mappings, run, codeJob);
  const mapping = findMapping(mappings, mappingName(run.job));
  const { reportedDeletions } = entry;
  return runMapping(ports, mappings, { ...runRequestFor(mapping, run), reportedDeletions });
}
