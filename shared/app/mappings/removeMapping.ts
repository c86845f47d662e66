/** Removes a table mapping of a user's own, and puts any mapping back to its defaults. */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { MappingName } from '../../domain/common/ids.ts';
import { newJobQueueEntry } from '../../domain/jobs/transitions.ts';
import type { MappingEntry, MappingSet } from '../../domain/mappings/mappingSet.ts';
import { changeJob } from '../jobs/changeJob.ts';
import { ensureJobs } from '../jobs/ensureJobs.ts';
import { isTakenByAnother } from '../run/lease.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { entryOf } from './changeMapping.ts';
import type { MappingCatalog } from './mappingCatalog.ts';

const mostTries = 10;
const errorPageSize = 1_000;

/**
 * Removes the mapping with its job, retry list and run state, and closes its open errors; the log stays. The definition
 * goes last, so that a removal that was cut off can be repeated. Raises SyncFailure: `mapping-not-found`,
 * `default-mapping`, `mapping-in-file`, `mapping-in-use`, `mapping-has-couplings`, `run-in-progress`.
 */
export async function removeMapping(
  ports: SyncPorts,
  catalog: MappingCatalog,
  name: MappingName,
): Promise<void> {
  const set = await catalog.refreshed();
  const entry = entryOf(set, name);
  await refuseRemoval(ports, set, entry);
  await ports.jobs.remove(name);
  const retries = await ports.retries.list(name);
  if (retries.length > 0) await ports.retries.remove(name, retries);
  await closeErrors(ports, name);
  await ports.mappings.removeState(name);
  await ports.mappings.removeDefinition('overrides', name);
  await ports.mappings.removeDefinition('userDefined', name);
  ports.log('information', 'mapping-removed', { mapping: name });
  await catalog.refreshed();
}

async function refuseRemoval(
  ports: SyncPorts,
  set: MappingSet,
  { origin, base }: MappingEntry,
): Promise<void> {
  const { name } = base;
  if (origin === 'default') {
    throw refused('default-mapping', `${name} is a default mapping.`, 'Put its job on hold instead.');
  }
  if (origin === 'file') {
    throw refused('mapping-in-file', `${name} is defined by a file.`, 'Remove the file and restart the app.');
  }
  const user = set.mappings.find(
    (other) =>
      other.name !== name &&
      (other.dependsOn.includes(name) || other.fields.some(({ lookup }) => lookup === name)),
  );
  if (user)
    throw refused('mapping-in-use', `The table mapping ${user.name} refers to ${name}.`, 'Change it first.');
  await refuseDuringRun(ports, name);
  const { rows } = await ports.couplings.list({ mapping: name }, { top: 1, continuation: null });
  if (rows.length === 0) return;
  const message = `${name} still has couplings.`;
  throw refused('mapping-has-couplings', message, 'Uncouple its records first; the records themselves stay.');
}

async function refuseDuringRun(ports: SyncPorts, name: MappingName): Promise<void> {
  if (!(await isTakenByAnother(ports, name, null))) return;
  throw refused('run-in-progress', `A run of ${name} is in progress.`, 'Try again when it has ended.');
}

function refused(code: string, message: string, suggestion: string): SyncFailure {
  return new SyncFailure({ kind: 'conflict', code, message, suggestion });
}

async function closeErrors(ports: SyncPorts, mapping: MappingName): Promise<void> {
  for (;;) {
    const page = { top: errorPageSize, continuation: null };
    const { rows } = await ports.logs.listErrors({ mapping, open: true }, page);
    if (rows.length === 0) return;
    const ids = rows.map(({ id }) => id);
    await ports.logs.resolveErrors(mapping, ids, ports.clock.now());
  }
}

/**
 * Drops what was changed about the mapping, clears its watermarks (E-54), and gives its job the default settings again,
 * whatever its status; couplings and logs stay. It also helps where what was changed cannot be read. Raises SyncFailure `mapping-not-found`, `run-in-progress`. Safe to
 * repeat.
 */
export async function resetMapping(
  ports: SyncPorts,
  catalog: MappingCatalog,
  name: MappingName,
): Promise<MappingEntry> {
  const set = await catalog.refreshed();
  const base = set.held.find((mapping) => mapping.name === name) ?? entryOf(set, name).base;
  await refuseDuringRun(ports, name);
  await ports.mappings.removeDefinition('overrides', name);
  await clearWatermarks(ports, name);
  await ensureJobs(ports, [base]);
  const initial = newJobQueueEntry(base, ports.clock.now());
  if (initial) {
    const { status, earliestStart, lastRun, attempts, errorMessage, ...details } = initial;
    await changeJob(ports, name, (entry) => ({ ...entry, ...details }));
  }
  ports.log('information', 'mapping-reset', { mapping: name });
  return entryOf(await catalog.refreshed(), name);
}

/** The next run reads everything; a run that takes the lease meanwhile is met here and refused. */
async function clearWatermarks(ports: SyncPorts, name: MappingName): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    await refuseDuringRun(ports, name);
    const { state, version } = await ports.mappings.get(name);
    if (version === null) return;
    const cleared = {
      ...state,
      businessCentralWatermark: null,
      businessCentralSettledUntil: null,
      businessCentralReadAt: null,
      dataversePosition: null,
      dataversePositionAt: null,
      cursor: null,
    };
    if ((await ports.mappings.replace(cleared, version)) !== null) return;
  }
  throw refused('run-in-progress', `A run of ${name} is in progress.`, 'Try again when it has ended.');
}
