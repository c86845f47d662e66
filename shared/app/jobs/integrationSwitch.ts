/** Switches the whole integration on and off, and asks whether it is on (A-89, A-90, E-10). */
import type { ActionRun } from '../../domain/actions/actionRun.ts';
import { SyncFailure } from '../../domain/common/failures.ts';
import { mappingName } from '../../domain/common/ids.ts';
import { type IntegrationState, integrationDisabled } from '../../domain/jobs/integrationState.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { QueuedRun } from '../../ports/queue.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { askWhenDue } from './askWhenDue.ts';
import { endFailedRows } from './failedRun.ts';

const mostTries = 5;

/** Raises SyncFailure `integration-disabled`. One request. */
export async function requireEnabled({ jobs }: SyncPorts): Promise<void> {
  const { state } = await jobs.integration();
  if (!state.enabled) throw integrationDisabled(state);
}

/**
 * Writes the switch. Disabling stops what has not begun; runs at work go on to their end. Jobs keep their status
 * and plan, so that a hold of a user's own survives. Enabling has the jobs asked that are due. Safe to repeat.
 */
export async function switchIntegration(
  ports: SyncPorts,
  wanted: Pick<IntegrationState, 'enabled' | 'changedBy' | 'reason'>,
): Promise<IntegrationState> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { state, version } = await ports.jobs.integration();
    const isSame = state.enabled === wanted.enabled && state.reason === wanted.reason;
    const changed = isSame ? state : { ...wanted, changedAt: ports.clock.now() };
    const isWritten = isSame || (await ports.jobs.replaceIntegration(changed, version)) !== null;
    if (!isWritten) continue;
    const { enabled, reason } = changed;
    ports.log('information', 'integration-switched', { enabled, reason });
    if (enabled) await askAll(ports);
    return changed;
  }
  const message = 'The integration is being switched by others; try again.';
  throw new SyncFailure({ kind: 'transient', code: 'integration-busy', message });
}

async function askAll(ports: SyncPorts): Promise<void> {
  const entries = (await ports.jobs.list()).map(({ entry }) => entry);
  await Promise.all(entries.map((entry) => askWhenDue(ports, entry)));
}

/**
 * Whether a run that comes out of the queue is to be given up, because the integration was disabled before it began. An
 * action is remembered as failed, a run that a user asked for ends in the log with the reason, so that nobody waits for it;
 * what the schedule asks for, it asks again. Safe to repeat.
 */
export async function giveUpWhileDisabled(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  run: QueuedRun,
): Promise<boolean> {
  const { state } = await ports.jobs.integration();
  if (state.enabled) return false;
  const action = run.trigger === 'action' ? await ports.actions.get(run.runId) : null;
  if (await hasBegun(ports, run, action)) return false;
  ports.log('warning', 'run-given-up', { job: run.job, runId: run.runId, code: 'integration-disabled' });
  const reason = integrationDisabled(state);
  if (action?.status === 'queued') {
    const { message } = reason;
    await ports.actions.save({ ...action, status: 'failed', message, finishedAt: ports.clock.now() });
  }
  const isAsked = run.trigger === 'manual' || run.trigger === 'fullSync';
  const subject = mappings.find(({ name }) => name === run.job) ?? { name: mappingName(run.job) };
  if (isAsked) await endFailedRows(ports, run, subject, reason);
  return true;
}

/** A run that holds its mapping, or paused in it, is let go on to its end. */
async function hasBegun(ports: SyncPorts, run: QueuedRun, action: ActionRun | null): Promise<boolean> {
  if (action?.status === 'running') return true;
  const { lease, cursor } = (await ports.mappings.get(mappingName(run.job))).state;
  return cursor?.runId === run.runId || lease?.owner === run.runId;
}
