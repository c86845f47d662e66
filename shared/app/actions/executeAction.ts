/** Carries out an action that a message of the queue names, and remembers what became of it. */
import { type ActionProgress, type ActionRun, hasActionEnded } from '../../domain/actions/actionRun.ts';
import { SyncFailure } from '../../domain/common/failures.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { QueuedRun } from '../../ports/queue.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { runTask } from './runTask.ts';

/**
 * `busy` and `paused` ask for the message to be sent again. A failure is recorded with the action and logged, not thrown.
 * Safe to call twice: an action that has ended is not begun again.
 */
export async function executeAction(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  run: QueuedRun,
): Promise<'over' | 'busy' | 'paused'> {
  const action = await ports.actions.get(run.runId);
  if (action === null || hasActionEnded(action)) return 'over';
  try {
    const progress = action.progress ?? (await begunBefore(ports, action));
    await ports.actions.save({ ...action, status: 'running', progress });
    const result = await runTask(ports, mappings, { ...action, progress }, false);
    if (result.status === 'busy') return 'busy';
    if (result.status === 'paused') {
      await ports.actions.save({ ...action, status: 'running', progress: result.progress });
      return 'paused';
    }
    await end(ports, action, 'finished', '');
    return 'over';
  } catch (error) {
    const failure = asFailure(error);
    const { code, message } = failure;
    ports.log('error', 'action-failed', { mapping: action.mapping, runId: action.runId, code, message });
    await end(ports, action, 'failed', message);
    return 'over';
  }
}

/** The log row that a host which went away has begun: the action goes on with it. */
async function begunBefore(ports: SyncPorts, action: ActionRun): Promise<ActionProgress | null> {
  if (action.status !== 'running') return null;
  const query = { mapping: action.mapping, runId: action.runId };
  const { rows } = await ports.logs.listSyncJobs(query, { top: 10, continuation: null });
  const own = rows.find(({ type }) => type !== 'synchronization');
  return own ? { position: null, syncJobs: { [own.type]: own.id } } : null;
}

function end(
  ports: SyncPorts,
  action: ActionRun,
  status: 'finished' | 'failed',
  message: string,
): Promise<void> {
  return ports.actions.save({ ...action, status, message, finishedAt: ports.clock.now(), progress: null });
}

function asFailure(error: unknown): SyncFailure {
  if (error instanceof SyncFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new SyncFailure({ kind: 'bug', code: 'unexpected', message, cause: error });
}
