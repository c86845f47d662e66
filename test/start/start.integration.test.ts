/** `npm start` as a whole: initial synchronisation, running, kept state, clean stop (contract section 1). */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startBusinessCentralSimulator } from '../../local/simulators/businessCentral/simulator.ts';
import { startDataverseSimulator } from '../../local/simulators/dataverse/simulator.ts';
import { printedRows, summedColumns } from './resultTable.ts';
import {
  copyProject,
  type Ended,
  freePorts,
  removeProject,
  StartedProcess,
  type StartOptions,
} from './startedProcess.ts';

const timeoutMs = 90_000;
let project = '';
const started: StartedProcess[] = [];

beforeAll(() => {
  project = copyProject();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.kill()));
});
afterAll(() => removeProject(project));

function start(
  flags: readonly string[],
  options: Omit<StartOptions, 'project' | 'flags'> = {},
): StartedProcess {
  const one = new StartedProcess({ ...options, project, flags: [...freePorts, ...flags] });
  started.push(one);
  return one;
}

async function post(url: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function clockOf(url: string): Promise<number> {
  const { now } = (await (await fetch(url)).json()) as { now: string };
  return Date.parse(now);
}

function isRefused(url: string): Promise<boolean> {
  return fetch(url).then(
    () => false,
    () => true,
  );
}

describe('--once', () => {
  let first: Ended;
  let second: Ended;

  beforeAll(async () => {
    const flags = ['--once', '--data', join(project, 'once')];
    first = await start(flags).end();
    second = await start(flags).end();
  }, timeoutMs);

  test('couples and synchronises the demo data, prints the table and ends with 0', () => {
    expect(first.code).toBe(0);
    const rows = printedRows(first.stdout);
    const customers = rows.find(({ job, direction }) => job === 'CUSTOMER' && direction === 'to Dataverse');
    expect(Number(customers?.['inserted'])).toBe(63);
    expect(rows.at(-1)?.['job']).toBe('Total');
  });

  test('the total is the sum of the rows', () => {
    const rows = printedRows(first.stdout);
    for (const name of summedColumns) {
      const sum = rows.slice(0, -1).reduce((total, row) => total + Number(row[name]), 0);
      expect(Number(rows.at(-1)?.[name]), name).toBe(sum);
    }
  });

  test('prints plain lines: one when a job begins, one when it ends, no control characters, no ready line', () => {
    expect(first.stdout).toMatch(/^CUSTOMER: started$/m);
    expect(first.stdout).toMatch(
      /^CUSTOMER: finished in [\d.]+ s, \d+ records, \d+ records\/s: \d+ inserted/m,
    );
    expect(first.stdout).not.toContain('\u001b');
    expect(first.stdout).not.toMatch(/^ready/m);
  });

  test('lists open errors with what to do', () => {
    expect(first.stdout).toMatch(/^Open errors: \d+/m);
    // At most ten are listed, and every record of the demo that fails is one of an opportunity, customer or contact.
    expect(first.stdout).toMatch(/^ {2}(?:OPPORTUNITY|CUSTOMER|CONTACT) \| .* \| [a-z-]+ \| .+/m);
  });

  test('a second one works on the kept state: nothing is created again (P2, P4)', () => {
    expect(second.code).toBe(0);
    const total = printedRows(second.stdout).at(-1);
    expect(total).toMatchObject({ inserted: '0', modified: '0' });
    expect(Number(total?.['unchanged'])).toBeGreaterThan(0);
  });
});

test(
  'ends with 1 and says why when a job ended in error',
  async () => {
    const ended = await start(['--once', '--no-demo'], {
      settings: { BUSINESS_CENTRAL_COMPANY: 'No such company' },
    }).end();
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/^CUSTOMER: .*No such company/m);
  },
  timeoutMs,
);

test(
  'services elsewhere are used instead of local simulators',
  async () => {
    const [businessCentral, dataverse] = await Promise.all([
      startBusinessCentralSimulator(),
      startDataverseSimulator(),
    ]);
    try {
      businessCentral.create('customers', { displayName: 'Elsewhere' }, 'bob');
      const pound = { isocurrencycode: 'GBP', currencyname: 'Pound', currencysymbol: '£', exchangerate: 0.8 };
      dataverse.create('transactioncurrency', { ...pound, currencyprecision: 2 }, 'admin');
      const settings = {
        BUSINESS_CENTRAL_URL: businessCentral.url,
        BUSINESS_CENTRAL_COMPANY: businessCentral.companyId,
        BUSINESS_CENTRAL_ACCESS_TOKEN: 'integration',
        DATAVERSE_URL: dataverse.url,
        DATAVERSE_ACCESS_TOKEN: 'integration',
      };
      const ended = await start(['--once'], { settings }).end();
      expect(ended.code, ended.stderr).toBe(0);
      expect(ended.stdout).not.toContain('simulator at');
      expect(dataverse.rows('accounts')).toMatchObject([{ name: 'Elsewhere' }]);
    } finally {
      await Promise.all([businessCentral.close(), dataverse.close()]);
    }
  },
  timeoutMs,
);

describe('running', () => {
  test(
    'prints the ready line after the initial synchronisation, serves the API, and stops cleanly on SIGTERM',
    async () => {
      const one = start(['--no-demo']);
      const url = await one.ready();
      const simulator = await one.printed(/^Dataverse simulator at (\S+)$/m);
      expect((await fetch(`${url}/api/jobs`)).status).toBe(200);
      const { code, stdout, stderr } = await one.end('SIGTERM');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.indexOf('| Total')).toBeLessThan(stdout.indexOf('\nready '));
      expect(stdout).toContain('| Total');
      expect(await Promise.all([isRefused(url), isRefused(simulator)])).toEqual([true, true]);
    },
    timeoutMs,
  );

  test(
    'a kept state keeps the clock, which simulators and app share, and what users did',
    async () => {
      const folder = join(project, 'kept');
      mkdirSync(folder);
      const flags = ['--no-initial-sync', '--no-demo', '--data', folder];
      const one = start(flags);
      const url = await one.ready();
      const dataverse = await one.printed(/^Dataverse simulator at (\S+)$/m);
      expect((await post(`${url}/local/clock`, { advanceMinutes: 90 })).status).toBe(200);
      const created = await fetch(`${dataverse}/api/data/v9.2/accounts`, {
        method: 'POST',
        headers: { authorization: 'Bearer alice', 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'Kept' }),
      });
      expect(created.status).toBe(204);
      const differenceMs =
        (await clockOf(`${dataverse}/simulator/clock`)) - (await clockOf(`${url}/local/clock`));
      expect(Math.abs(differenceMs)).toBeLessThan(5_000);
      expect((await one.end('SIGINT')).code).toBe(0);

      const other = start(flags);
      const otherUrl = await other.ready();
      const otherDataverse = await other.printed(/^Dataverse simulator at (\S+)$/m);
      const aheadMs = (await clockOf(`${otherUrl}/local/clock`)) - Date.now();
      expect(aheadMs).toBeGreaterThan(89 * 60_000);
      const accounts = await fetch(`${otherDataverse}/api/data/v9.2/accounts?$select=name`, {
        headers: { authorization: 'Bearer alice' },
      });
      expect(await accounts.json()).toMatchObject({ value: [{ name: 'Kept' }] });
      const third = await start(['--data', folder]).end();
      expect(third.code).toBe(1);
      expect(third.stderr).toMatch(/^.* is in use by another start \(process \d+\)\.\n$/);
      expect((await other.end('SIGTERM')).code).toBe(0);
    },
    timeoutMs,
  );

  test.each([
    ['while the parts start', /^(Azurite)/m],
    ['during the initial synchronisation', /^(\w+): started/m],
  ])(
    'SIGTERM %s stops cleanly, too',
    async (_when, pattern) => {
      const one = start([]);
      await one.printed(pattern);
      const { code, stdout, stderr } = await one.end('SIGTERM');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toMatch(/^ready/m);
    },
    timeoutMs,
  );

  // Windows has no process groups: there Ctrl-C is an event of the console.
  test.runIf(process.platform !== 'win32')(
    'Ctrl-C, which reaches Azurite as well, stops cleanly in the middle of a synchronisation, too',
    async () => {
      const one = start(['--data', join(project, 'interrupted')], { ownGroup: true });
      await one.printed(/^(\w+): started/m);
      expect(await one.endGroup('SIGINT')).toMatchObject({ code: 0, stderr: '' });
    },
    timeoutMs,
  );

  test(
    'a stop before the end of --once is no success',
    async () => {
      const one = start(['--once']);
      await one.printed(/^(Azurite)/m);
      const { code, stderr } = await one.end('SIGTERM');
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'Stopped before the synchronisation had ended.\n',
      });
    },
    timeoutMs,
  );
});
