/** A job asleep and woken, through the whole product: host, storage, both simulators, webhooks (J-54, J-65, P12). */
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyProject, removeProject, StartedProcess } from './startedProcess.ts';

interface Job {
  readonly status: string;
  readonly earliestStart: string;
  readonly lastRun: { readonly trigger: string; readonly finishedAt: string } | null;
}

const timeoutMs = 90_000;
const minuteMs = 60_000;
let project = '';
let running: StartedProcess | undefined;
let app = '';
let company = '';
let dataverse = '';
let businessCentral = '';

/** Webhooks go to an address that has to be known before the app starts. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

beforeAll(async () => {
  project = copyProject();
  const port = await freePort();
  running = new StartedProcess({
    project,
    flags: ['--port', String(port), '--business-central-port', '0', '--dataverse-port', '0'],
    settings: {
      NOTIFICATION_URL: `http://127.0.0.1:${port}`,
      NOTIFICATION_SECRET: 'a secret of more than twenty characters',
      WAKE_DELAY_SECONDS: '0',
    },
  });
  app = await running.ready();
  businessCentral = await running.printed(/Business Central simulator at (\S+)/);
  dataverse = await running.printed(/Dataverse simulator at (\S+)/);
  const [first] = await valuesOf<{ id: string }>(`${businessCentral}/api/v2.0/companies`);
  company = `${businessCentral}/api/v2.0/companies(${first?.id})`;
}, timeoutMs);

afterAll(async () => {
  await running?.kill();
  removeProject(project);
});

async function call(method: string, url: string, body?: object, user = 'bob'): Promise<Response> {
  const headers = { authorization: `Bearer ${user}`, 'content-type': 'application/json', 'if-match': '*' };
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(url, { method, headers, ...content });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}

async function valuesOf<Row>(url: string): Promise<readonly Row[]> {
  return ((await (await call('GET', url)).json()) as { value: readonly Row[] }).value;
}

async function advance(minutes: number): Promise<void> {
  await call('POST', `${app}/local/clock`, { advanceMinutes: minutes });
  await call('POST', `${app}/local/idle?timeoutSeconds=60`);
}

async function customerJob(): Promise<Job> {
  return (await (await call('GET', `${app}/api/jobs/CUSTOMER`)).json()) as Job;
}

async function editCustomer(city: string): Promise<void> {
  const [coupling] = await coupledCustomers();
  const url = `${company}/customers(${coupling?.businessCentralId})`;
  const { '@odata.etag': etag } = (await (await call('GET', url)).json()) as { '@odata.etag': string };
  const headers = { authorization: 'Bearer bob', 'content-type': 'application/json', 'if-match': etag };
  const answer = await fetch(url, { method: 'PATCH', headers, body: JSON.stringify({ city }) });
  expect(answer.status).toBe(200);
}

async function cityInSales(): Promise<unknown> {
  const [coupling] = await coupledCustomers();
  const url = `${dataverse}/api/data/v9.2/accounts(${coupling?.dataverseId})?$select=address1_city`;
  return ((await (await call('GET', url)).json()) as { address1_city: unknown }).address1_city;
}

function coupledCustomers() {
  return valuesOf<{ businessCentralId: string; dataverseId: string }>(
    `${app}/api/couplings?mapping=CUSTOMER&state=synchronized&top=1`,
  );
}

test(
  'an idle job is held for twelve hours, and a change in Business Central wakes it (J-54, J-56, J-65)',
  async () => {
    // A tick during the initial synchronisation may have held it already, and runs after that leave the hold as it is.
    await call('POST', `${app}/api/jobs/CUSTOMER/restart`);
    for (let round = 0; round < 3 && (await customerJob()).status !== 'onHoldInactivity'; round += 1) {
      await advance(31);
    }
    const held = await customerJob();
    expect(held.status).toBe('onHoldInactivity');
    const heldMs = Date.parse(held.earliestStart) - Date.parse(held.lastRun?.finishedAt ?? '');
    expect(heldMs).toBe(720 * minuteMs);
    await editCustomer('Wakefield');
    await advance(1);
    expect(await cityInSales()).toBe('Wakefield');
    expect((await customerJob()).lastRun).toMatchObject({ trigger: 'wake', outcome: 'success' });
  },
  timeoutMs,
);

test(
  'lost notifications and subscriptions cost time, not changes (P12)',
  async () => {
    const address = `${businessCentral}/api/v2.0/subscriptions`;
    const subscriptions = await valuesOf<{ subscriptionId: string }>(address);
    expect(subscriptions.length).toBeGreaterThan(0);
    for (const { subscriptionId } of subscriptions) {
      await call('DELETE', `${address}('${subscriptionId}')`);
    }
    await editCustomer('Lateborough');
    await advance(1);
    expect(await cityInSales()).toBe('Wakefield');
    await advance(62);
    await advance(1);
    expect(await cityInSales()).toBe('Lateborough');
    expect(await valuesOf(address)).not.toEqual([]);
  },
  timeoutMs,
);
