/** The requests of docs/install.md, in its order, through the whole product with the settings it begins with. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyProject, freePorts, removeProject, StartedProcess } from './startedProcess.ts';

const guide = readFileSync(join(resolve(import.meta.dirname, '..', '..'), 'docs', 'install.md'), 'utf8');
const disabledJobs = /DISABLED_JOBS "([^"]+)"/.exec(guide)?.[1] ?? '';

/** What the guide has curl send. */
const requests = [
  ...guide.matchAll(/curl -X (\w+) [^"]*(?:"[^"]*"[^"]*)*?"\$APP_URL([^"]+)" \\?\s*-d '([^']+)'/g),
].map(([, method = '', path = '', body = '']) => ({ method, path, body }));

interface Answer {
  readonly counts: { readonly inserted: number; readonly modified: number };
  readonly value: readonly unknown[];
  readonly healthy: boolean;
}

let project = '';
let running: StartedProcess | undefined;
let app = '';
beforeAll(async () => {
  project = copyProject();
  const settings = { DISABLED_JOBS: disabledJobs };
  running = new StartedProcess({ project, flags: [...freePorts, '--no-initial-sync'], settings });
  app = await running.ready();
}, 60_000);
afterAll(async () => {
  await running?.kill();
  removeProject(project);
});

async function ask(method: string, path: string, body?: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json', 'x-functions-key': 'of the guide' };
  const answer = await fetch(app + path, { method, headers, ...(body === undefined ? {} : { body }) });
  expect([method, path, answer.status]).toEqual([method, path, 200]);
  return (await answer.json()) as Answer;
}
const couplings = async () => (await ask('GET', '/api/couplings?mapping=SALESPEOPLE')).value.length;

test('every timer stands still before the first dry run, and the app is healthy', async () => {
  const { jobs, healthy } = (await ask('GET', '/api/health')) as Answer & { jobs: { scheduled: boolean }[] };
  expect([healthy, jobs.filter(({ scheduled }) => scheduled)]).toEqual([true, []]);
});

test('a plan shows what would be coupled and inserted, and writes nothing', async () => {
  const [plan, match] = requests;
  expect(requests.map(({ method }) => method)).toEqual(['POST', 'PATCH']);
  const { counts } = await ask(plan?.method ?? '', plan?.path ?? '', plan?.body);
  expect(counts.inserted + counts.modified).toBeGreaterThan(5);
  expect(await couplings()).toBe(0);
  await ask(match?.method ?? '', match?.path ?? '', match?.body);
});

test('the same request without dryRun carries it out, though the job is disabled', async () => {
  const [plan] = requests;
  const path = (plan?.path ?? '').replace('dryRun', 'wait');
  await ask('POST', path, plan?.body);
  expect(await couplings()).toBeGreaterThan(5);
  for (const read of ['/api/full-sync', '/api/sync-errors?open=true', '/api/reconciliation?mapping=CUSTOMER'])
    await ask('GET', read);
});
