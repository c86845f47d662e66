/** Retrying records of jobs that run code: what waits for a user waits no more, and the job looks at it anew. */
import type { ErrorSelection, RecordKey } from '../../domain/actions/actionRun.ts';
import { type LeftOut, retriedCoupling } from '../../domain/actions/coupledDataErrors.ts';
import type { BusinessCentralId, MappingName } from '../../domain/common/ids.ts';
import { codeJobNames, isCodeJobName, logNameOf } from '../../domain/jobs/codeJobs.ts';
import { addCounters, type SyncError, zeroCounters } from '../../domain/logs/syncJob.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { counterOfAction } from '../../domain/sync/outcome.ts';
import { orderMappingName } from '../documents/orders/orderScope.ts';
import { quoteErrorsName, quoteMappingName, wonQuoteMappingName } from '../documents/quotes/quoteScope.ts';
import type { CodeJob, PlanScope } from '../jobs/codeJob.ts';
import { codeJobPlanOf } from '../jobs/codeJobs.ts';
import { emptyPlan, type JobPlan } from '../jobs/jobPlan.ts';
import { releaseLease, takeLease } from '../run/lease.ts';
import { customersMapping } from '../statistics/couplingPages.ts';
import { skippingCodes } from '../statistics/failedCustomers.ts';
import { planRetriedCustomers } from '../statistics/namedCustomers.ts';
import { statisticsJob } from '../statistics/statisticsSolution.ts';
import type { SyncPorts } from '../syncPorts.ts';

const rowsPerPage = 1_000;

/** Lists of records without a coupling that a job goes through; won quotes make orders, whose failures are orders' (D-110). */
const lists: Readonly<Record<string, readonly MappingName[]>> = {
  [quoteErrorsName]: [quoteErrorsName, orderMappingName],
};

/** Names that errors and couplings of these jobs stand under beside their own. */
const otherNames: Readonly<Record<string, MappingName>> = {
  [quoteMappingName]: quoteErrorsName,
  [wonQuoteMappingName]: quoteErrorsName,
};

/**
 * The job whose failures are meant by this name; null for the name of a mapping. Without order integration failures of orders
 * are those of won quotes (D-110).
 */
export function failuresOf(mappings: readonly TableMapping[], name: MappingName): MappingName | null {
  if (mappings.some((mapping) => mapping.name === name)) return null;
  if (name === orderMappingName) return quoteErrorsName;
  if (isCodeJobName(name)) {
    const log = logNameOf(name);
    return log === name ? name : failuresOf(mappings, log);
  }
  return otherNames[name] ?? null;
}

/** Jobs with open errors under names of their own, and how many. */
export async function jobsWithFailures(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
): Promise<readonly { readonly job: MappingName; readonly records: number }[]> {
  const jobs = codeJobNames.flatMap((name) => failuresOf(mappings, logNameOf(name)) ?? []);
  const found: { readonly job: MappingName; readonly records: number }[] = [];
  for (const job of new Set(jobs)) {
    const records = await countFailures(ports, mappings, job);
    if (records > 0) found.push({ job, records });
  }
  return found;
}

/** Named records, or all that failed (null). Writes no row of the log: nothing is done yet. Safe to repeat. */
export function retryCode(job: MappingName, records: ErrorSelection): CodeJob {
  return async ({ ports, run }) => {
    for (const list of lists[job] ?? [job]) await retryListed(ports, list, records);
    if (job === statisticsJob && !(await retryStatistics(ports, run.runId, records)))
      return { status: 'busy' };
    return { status: 'done', syncJobs: [] };
  };
}

async function retryListed(ports: SyncPorts, list: MappingName, records: ErrorSelection): Promise<void> {
  const entries = await ports.retries.list(list);
  const wanted = entries.filter(({ id, skipped }) => skipped && isNamed(records, id));
  if (wanted.length > 0) await ports.retries.save(wanted.map((entry) => ({ ...entry, skipped: false })));
}

/** Their statistics are due again, and the skip that their failure put on the customer is off. False = customers are busy. */
async function retryStatistics(
  ports: SyncPorts,
  runId: Parameters<typeof takeLease>[2],
  records: ErrorSelection,
): Promise<boolean> {
  const ids = await failedCustomers(ports, records);
  if (ids.length === 0) return true;
  const held = await takeLease(ports, customersMapping, runId);
  if (held === null) return false;
  try {
    const known = await ports.statistics.byCustomers(ids);
    if (known.length > 0) await ports.statistics.save(known.map((each) => ({ ...each, digest: null })));
    const couplings = await ports.couplings.byBusinessCentralIds(
      customersMapping,
      ids,
      held.state.coupledCount,
    );
    const skipped = couplings.filter(
      ({ state, lastError }) => state === 'skipped' && skippingCodes.includes(lastError?.code ?? ''),
    );
    const writes = skipped.map((coupling) => ({
      kind: 'replace' as const,
      coupling: retriedCoupling(coupling),
    }));
    if (writes.length > 0) await ports.couplings.save(customersMapping, writes);
  } finally {
    await releaseLease(ports, held, { ...held.state, mayHaveRetries: true });
  }
  return true;
}

async function failedCustomers(
  ports: SyncPorts,
  records: ErrorSelection,
): Promise<readonly BusinessCentralId[]> {
  const ids = new Set<BusinessCentralId>();
  for await (const errors of openErrorsOf(ports, statisticsJob))
    for (const { businessCentralId: id, dataverseId } of errors)
      if (id !== null && (isNamed(records, id) || isNamed(records, dataverseId))) ids.add(id);
  return [...ids];
}

/** Of what the job would do now, what concerns these records. */
export async function planCodeRetry(
  scope: PlanScope,
  job: MappingName,
  records: ErrorSelection,
): Promise<JobPlan> {
  if (job === statisticsJob) return planRetriedCustomers(scope, await failedCustomers(scope.ports, records));
  const plan = (await codeJobPlanOf(job)?.(scope)) ?? emptyPlan;
  if (records === null) return plan;
  const actions = plan.actions.filter(
    ({ businessCentralId, dataverseId }) =>
      isNamed(records, businessCentralId) || isNamed(records, dataverseId),
  );
  const counts = actions.reduce(
    (sum, action) => addCounters(sum, { [counterOfAction(action)]: 1 }),
    zeroCounters,
  );
  return { actions, counts };
}

function isNamed(records: ErrorSelection, id: string | null): boolean {
  if (records === null) return true;
  return id !== null && records.some((key) => key.businessCentralId === id || key.dataverseId === id);
}

/** One record a user named, and whether it can be retried. */
export interface ChosenFailure {
  readonly key: RecordKey;
  readonly status: 'accepted' | 'skipped';
  readonly leftOut: LeftOut | null;
}

const notFailed: LeftOut = { code: 'not-failed', message: 'The record has no open error of this job.' };

/** Which of the named records have an open error of the job. */
export async function chooseFailures(
  ports: SyncPorts,
  job: MappingName,
  keys: readonly RecordKey[],
): Promise<readonly ChosenFailure[]> {
  const failed = new Set<string>();
  for (const list of lists[job] ?? [job])
    for await (const errors of openErrorsOf(ports, list))
      for (const { businessCentralId, dataverseId } of errors)
        for (const id of [businessCentralId, dataverseId])
          if (id !== null && isNamed(keys, id)) failed.add(id);
  return keys.map((key): ChosenFailure => {
    const isOpen = [key.businessCentralId, key.dataverseId].some((id) => id !== null && failed.has(id));
    return { key, status: isOpen ? 'accepted' : 'skipped', leftOut: isOpen ? null : notFailed };
  });
}

async function countFailures(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  job: MappingName,
): Promise<number> {
  const own = (lists[job] ?? [job]).filter((list) => !mappings.some(({ name }) => name === list));
  let count = 0;
  for (const list of own) for await (const errors of openErrorsOf(ports, list)) count += errors.length;
  return count;
}

/** Page by page, so that memory is bounded. */
async function* openErrorsOf(
  { logs }: SyncPorts,
  mapping: MappingName,
): AsyncGenerator<readonly SyncError[]> {
  let continuation: string | null = null;
  do {
    const page = await logs.listErrors({ mapping, open: true }, { top: rowsPerPage, continuation });
    yield page.rows;
    continuation = page.continuation;
  } while (continuation !== null);
}
