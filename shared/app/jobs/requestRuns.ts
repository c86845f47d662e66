/** Puts runs on the queue on behalf of a user. */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { RunId } from '../../domain/common/ids.ts';
import type { RunTrigger } from '../../domain/logs/syncJob.ts';
import { withoutLines } from '../../domain/mappings/linesAlone.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { QueuedRun } from '../../ports/queue.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { requireEnabled } from './integrationSwitch.ts';

/** Queues one run of a job; works on a job that is on hold, too. Raises SyncFailure `job-not-found`, `integration-disabled`. */
export async function requestRun(ports: SyncPorts, job: string): Promise<RunId> {
  await requireEnabled(ports);
  if ((await ports.jobs.get(job)) === null) throw jobNotFound(job);
  const runId = ports.ids.runId(ports.clock.now());
  await ports.queue.send({ job, runId, trigger: 'manual', followedBy: [] });
  return runId;
}

/** The error of a name that no job has. */
export function jobNotFound(job: string): SyncFailure {
  return new SyncFailure({ kind: 'config', code: 'job-not-found', message: `There is no job "${job}".` });
}

/** Queues the regular run of these mappings, one after the other in the same order (E-130). */
export async function requestModified(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
): Promise<readonly QueuedRun[]> {
  await requireEnabled(ports);
  const runs = chainOf(ports, mappings, 'manual');
  await sendChain(ports, runs);
  return runs;
}

/** The runs of these mappings in dependency order (E-136, J-87), lines left to their headers; nothing is queued yet. */
export function chainOf(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  trigger: RunTrigger,
): readonly QueuedRun[] {
  const now = ports.clock.now();
  const ordered = inDependencyOrder(withoutLines(mappings));
  return ordered.map(({ name }) => ({ job: name, runId: ports.ids.runId(now), trigger }));
}

/** Queues runs one after the other: each message names what follows it. */
export async function sendChain({ queue }: SyncPorts, runs: readonly QueuedRun[]): Promise<void> {
  const [first, ...followedBy] = runs;
  if (first) await queue.send({ ...first, followedBy });
}

/** Each mapping after those it depends on; otherwise by `order` (E-130, E-135). Names not in the list do not count. */
export function inDependencyOrder(mappings: readonly TableMapping[]): readonly TableMapping[] {
  const ordered: TableMapping[] = [];
  const visiting = new Set<string>();
  const visit = (mapping: TableMapping) => {
    if (ordered.includes(mapping) || visiting.has(mapping.name)) return;
    visiting.add(mapping.name);
    for (const name of mapping.dependsOn) {
      const dependency = mappings.find((candidate) => candidate.name === name);
      if (dependency) visit(dependency);
    }
    ordered.push(mapping);
  };
  for (const mapping of mappings.toSorted((left, right) => left.order - right.order)) visit(mapping);
  return ordered;
}
