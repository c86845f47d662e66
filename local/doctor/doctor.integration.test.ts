/** `npm run doctor`: one line per check, what to do about a problem, and the exit code. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Output } from '../start/output.ts';
import { doctorReport } from './report.ts';
import { runDoctor } from './runDoctor.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function printed() {
  const lines: string[] = [];
  const add = (text: string) => void lines.push(text);
  const output: Output = {
    print: add,
    printError: add,
    write: () => {},
    isTerminal: false,
    columns: () => 100,
    rows: () => 24,
  };
  return { lines, output };
}

async function doctor(argv: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const { lines, output } = printed();
  const code = await runDoctor(argv, environment, output);
  return { code, lines };
}

/** A deployed app that answers so, and remembers the keys it was given. */
async function deployed(status: number, body: unknown) {
  const keys: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    keys.push(request.headers['x-functions-key'] as string | undefined);
    response.writeHead(status).end(JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { keys, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const check = (name: string, outcome: 'passed' | 'warning' | 'failed', whatToDo = '') => ({
  name,
  outcome,
  message: `About ${name}.`,
  whatToDo,
});
const answer = {
  businessCentral: { checks: [check('token', 'passed')] },
  dataverse: { checks: [check('base-currency', 'warning', 'Synchronise CURRENCY.')] },
  checks: [check('storage', 'passed')],
};

describe('the doctor', () => {
  it('finds no problem in what npm start starts, without any cloud', async () => {
    const { code, lines } = await doctor([]);
    expect(lines.filter((line) => line.startsWith('problem'))).toEqual([]);
    expect(lines.at(-1)).toBe('No problem was found.');
    for (const name of [
      'token',
      'permissions',
      'companion-pages',
      'application-user',
      'run-queue',
      'notifications',
    ])
      expect(lines.some((line) => line.startsWith('ok') && line.includes(` ${name}: `))).toBe(true);
    expect(code).toBe(0);
  });

  it('ends with 1 at once when a service is not there', async () => {
    const { code, lines } = await doctor([], { DATAVERSE_URL: 'http://127.0.0.1:1' });
    expect(lines.join('\n')).toContain('DATAVERSE_URL');
    expect(code).toBe(1);
  });

  it('ends with 1 and says what to do when a service refuses the token, which is not shown', async () => {
    const error = {
      code: 'Authentication_InvalidCredentials',
      message: 'The server has rejected the client credentials.',
    };
    const refusing = await deployed(401, { error });
    const { code, lines } = await doctor([], {
      BUSINESS_CENTRAL_URL: `${refusing.url}/v2.0/none/none`,
      BUSINESS_CENTRAL_COMPANY: 'None',
      BUSINESS_CENTRAL_ACCESS_TOKEN: 'a-token-that-must-not-show',
    });
    expect(lines.some((line) => line.startsWith('problem  Business Central token'))).toBe(true);
    expect(lines.some((line) => line.includes('what to do: '))).toBe(true);
    expect(lines.join('\n')).not.toContain('a-token-that-must-not-show');
    expect(code).toBe(1);
  });

  it('tells every wrong setting', async () => {
    const { code, lines } = await doctor([], { TIME_ZONE: 'Mars', TICK_MINUTES: '0' });
    const problems = lines.filter((line) => line.startsWith('problem  app settings'));
    expect(problems.map((line) => /settings: (\w+)/.exec(line)?.[1]).sort()).toEqual([
      'TICK_MINUTES',
      'TIME_ZONE',
    ]);
    expect(code).toBe(1);
  });

  it('has a deployed app test itself, with the key of FUNCTION_KEY', async () => {
    const app = await deployed(200, answer);
    const { code, lines } = await doctor(['--app', app.url], { FUNCTION_KEY: 'the-key' });
    expect(app.keys).toEqual(['the-key']);
    expect(lines).toEqual([
      'ok       Business Central token: About token.',
      'warning  Dataverse base-currency: About base-currency.',
      '         what to do: Synchronise CURRENCY.',
      'ok       app storage: About storage.',
      'No problem was found.',
    ]);
    expect(code).toBe(0);
  });

  it.each([
    [401, {}, 'refuses the key'],
    [500, { error: {} }, 'status 500'],
    [200, { unexpected: true }, 'status 200'],
  ])('ends with 1 when a deployed app answers %i %j', async (status, body, text) => {
    const app = await deployed(status, body);
    const { code, lines } = await doctor(['--app', app.url]);
    expect(lines.join('\n')).toContain(text);
    expect(code).toBe(1);
  });

  it('counts problems, not warnings', () => {
    const failing = { ...answer, checks: [check('run-queue', 'failed', 'Make the queue.')] };
    expect(doctorReport(failing)).toMatchObject({ healthy: false });
    expect(doctorReport(failing).lines.at(-1)).toBe('1 problem was found.');
  });
});
