/** Job queue entries: list, read, change, run, and the three status actions. */

import { askWhenDue } from '../../shared/app/jobs/askWhenDue.ts';
import { changeJob } from '../../shared/app/jobs/changeJob.ts';
import { jobNotFound, requestRun } from '../../shared/app/jobs/requestRuns.ts';
import { tickJob } from '../../shared/app/jobs/tickJob.ts';
import { planCodeJob } from '../../shared/app/queries/planCodeJob.ts';
import { planRuns } from '../../shared/app/queries/planRuns.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import type { Composition, OpenApp } from '../../shared/composition/composition.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import type { Instant } from '../../shared/domain/common/instants.ts';
import { isCodeJobName } from '../../shared/domain/jobs/codeJobs.ts';
import type { JobQueueEntry } from '../../shared/domain/jobs/jobQueueEntry.ts';
import { putOnHold, restarted, setReady, withDetails } from '../../shared/domain/jobs/userTransitions.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import { listOf } from '../http/answerSchema.ts';
import { type Answer, type Call, type Endpoint, endpoint, ok } from '../http/endpoint.ts';
import { flagParameter, pageParameters } from '../http/input.ts';
import { listAnswer, pageOf } from '../http/paging.ts';
import { actionAnswers } from './actionAnswers.ts';
import { job } from './answers/jobs.ts';
import { fitInTime } from './fitInTime.ts';
import { jobDetailsSchema } from './jobDetails.ts';
import { planView } from './planView.ts';
import { runsAnswer } from './runAnswers.ts';
import { jobView } from './views.ts';

const one = 'api/jobs/{name}';

const list = endpoint({
  name: 'jobs-list',
  method: 'GET',
  route: 'api/jobs',
  query: pageParameters,
  answers: { 200: listOf(job) },
  handle: async (app, { query, url }) => {
    const opened = await app.open();
    const page = pageOf(
      (await opened.ports.jobs.list()).map(({ entry }) => entry),
      query,
    );
    return listAnswer({ ...page, rows: await jobViews(app, opened, page.rows) }, (row) => row, { url });
  },
});

const read = endpoint({
  name: 'jobs-read',
  method: 'GET',
  route: one,
  query: {},
  answers: { 200: job },
  handle: async (app, { params }) => {
    const opened = await app.open();
    const stored = await opened.ports.jobs.get(jobOf(params));
    if (stored === null) throw jobNotFound(jobOf(params));
    const [view] = await jobViews(app, opened, [stored.entry]);
    return ok(view);
  },
});

const change = endpoint({
  name: 'jobs-change',
  method: 'PATCH',
  route: one,
  query: {},
  body: jobDetailsSchema,
  answers: { 200: job },
  handle: async (app, { params, body }) =>
    changed(await app.open(), jobOf(params), (entry) => withDetails(entry, body)),
});

const run = endpoint({
  name: 'jobs-run',
  method: 'POST',
  route: `${one}/run`,
  query: { wait: flagParameter, dryRun: flagParameter },
  answers: actionAnswers,
  handle: async (app, call) => {
    const opened = await app.open();
    return call.query.dryRun ? planJob(opened, jobOf(call.params)) : startJob(app, opened, call);
  },
});

const restart = statusAction('restart', restarted);
const hold = statusAction('hold', putOnHold);
const ready = statusAction('ready', setReady);

/** Reading, changing and running jobs. */
export const jobEndpoints: readonly Endpoint[] = [list, read, change, run, restart, hold, ready];

/** The entries with what their mappings have to do without, also before a first run. */
async function jobViews(app: Composition, { ports, mappings }: OpenApp, entries: readonly JobQueueEntry[]) {
  const concerned = mappings.filter(
    ({ name, enabled }) => enabled && entries.some(({ mapping }) => mapping === name),
  );
  const fitted = await fitInTime(app, ports, concerned);
  return entries.map((entry) => {
    const index = concerned.findIndex(({ name }) => name === entry.mapping);
    return jobView(entry, fitted[index]?.shortcomings);
  });
}

/** Changes the status and answers with the entry; one that is due now is started without waiting for its tick. */
function statusAction(
  action: string,
  change: (entry: JobQueueEntry, now: Instant, zone: string) => JobQueueEntry,
): Endpoint {
  return endpoint({
    name: `jobs-${action}`,
    method: 'POST',
    route: `${one}/${action}`,
    query: {},
    answers: { 200: job },
    handle: async (app, { params }) => {
      const opened = await app.open();
      const { ports } = opened;
      const { timeZone } = ports.policy;
      const answer = await changed(opened, jobOf(params), (entry) =>
        change(entry, ports.clock.now(), timeZone),
      );
      if (action !== 'hold') await startWhenDue(ports, jobOf(params));
      return answer;
    },
  });
}

/** An entry that is due is started without waiting for its tick, one planned for later is asked then. */
async function startWhenDue(ports: SyncPorts, job: string): Promise<void> {
  if ((await tickJob(ports, job)) !== 'notDue') return;
  const stored = await ports.jobs.get(job);
  if (stored !== null) await askWhenDue(ports, stored.entry);
}

async function changed(
  { ports }: OpenApp,
  name: string,
  change: (entry: JobQueueEntry) => JobQueueEntry,
): Promise<Answer> {
  const entry = await changeJob(ports, name, change);
  if (entry === null) throw jobNotFound(name);
  return ok(jobView(entry));
}

async function startJob(
  app: Composition,
  opened: OpenApp,
  { params, query }: Call<{ readonly wait: boolean }, unknown>,
): Promise<Answer> {
  const job = jobOf(params);
  const runId = await requestRun(opened.ports, job);
  const started = { runs: [{ job, runId, trigger: 'manual' as const }], skipped: [] };
  return runsAnswer(opened, started, query.wait ? app.waiting : null);
}

async function planJob({ ports, mappings }: OpenApp, job: string): Promise<Answer> {
  if ((await ports.jobs.get(job)) === null) throw jobNotFound(job);
  if (isCodeJobName(job)) return ok(planView(await planCodeJob(ports, mappings, job)));
  const mapping = findMapping(mappings, mappingName(job));
  return ok(planView(await planRuns(ports, mappings, [mapping], 'manual')));
}

function jobOf(params: Readonly<Record<string, string>>): string {
  return params['name'] ?? '';
}
