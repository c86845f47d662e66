/** What makes `npm start` refuse: one clear line each on stderr, exit code 1, nothing left running (contract section 1). */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  copyProject,
  freePorts,
  removeProject,
  StartedProcess,
  type StartOptions,
} from './startedProcess.ts';

const timeoutMs = 60_000;
let project = '';

beforeAll(() => {
  project = copyProject();
});
afterAll(() => removeProject(project));

function run(flags: readonly string[], settings: StartOptions['settings'] = {}) {
  return new StartedProcess({ project, flags, settings }).end();
}

async function occupied<T>(use: (port: number) => Promise<T>): Promise<T> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    return await use(typeof address === 'object' && address !== null ? address.port : 0);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('flags', () => {
  test('every wrong one is a line, and nothing is started', async () => {
    const { code, stdout, stderr } = await run(['--unknown', 'word', '--port', 'x']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toEqual([
      'Unknown flag --unknown; see --help.',
      'Unexpected argument "word"; see --help.',
      '--port needs a port from 0 to 65535, not "x".',
    ]);
  });

  test('--help prints the usage and ends with 0', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: npm start/);
  });
});

describe('ports in use', () => {
  test.each(['--port', '--business-central-port', '--dataverse-port'])(
    '%s: one line that names port and flag',
    async (flag) => {
      await occupied(async (port) => {
        const folder = join(project, `in-use${flag}`);
        const { code, stderr } = await run([...freePorts, flag, String(port), '--data', folder]);
        expect(code).toBe(1);
        expect(stderr).toMatch(
          new RegExp(`^[^\\n]*127\\.0\\.0\\.1:${port}[^\\n]* in use[^\\n]* ${flag}\\.\\n$`),
        );
        expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).toEqual([]);
      });
    },
    timeoutMs,
  );
});

describe('services elsewhere', () => {
  test.each(['BUSINESS_CENTRAL_URL', 'DATAVERSE_URL'])(
    '%s that cannot be reached: one line with setting and address, and nothing is started',
    async (name) => {
      const url = await occupied(async (port) => `http://127.0.0.1:${port}`);
      const { code, stdout, stderr } = await run([...freePorts], { [name]: url });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toBe(`${name}: ${url} cannot be reached: the connection was refused.\n`);
    },
    timeoutMs,
  );
});

describe('settings', () => {
  test('every wrong one is a line that names it, and nothing is started', async () => {
    const { code, stdout, stderr } = await run([...freePorts], { TICK_MINUTES: 'often', TIME_ZONE: 'Moon' });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^TICK_MINUTES[^\n]*\nTIME_ZONE[^\n]*\n$/);
  });

  test('those of local.settings.json count, and a broken file is one line', async () => {
    const other = copyProject();
    try {
      const file = join(other, 'local.settings.json');
      writeFileSync(file, JSON.stringify({ Values: { TICK_MINUTES: 'often' } }));
      const wrong = await new StartedProcess({ project: other, flags: freePorts }).end();
      expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/^TICK_MINUTES[^\n]*\n$/) });
      writeFileSync(file, '{');
      const broken = await new StartedProcess({ project: other, flags: freePorts }).end();
      expect(broken).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^[^\n]*local\.settings\.json[^\n]*\n$/),
      });
    } finally {
      removeProject(other);
    }
  });
});

describe('files', () => {
  test.each([
    ['businessCentral', 'customers.json'],
    ['dataverse', 'accounts.json'],
  ])('a malformed demo file of %s: one line that names it, and nothing is started', async (part, name) => {
    const other = copyProject();
    try {
      writeFileSync(join(other, 'local', 'data', part, name), '{"entitySet": ');
      const folder = join(other, 'kept');
      const ended = await new StartedProcess({
        project: other,
        flags: [...freePorts, '--data', folder],
      }).end();
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toMatch(new RegExp(`^[^\\n]*${name}[^\\n]*\\n$`));
      expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
    } finally {
      removeProject(other);
    }
  });

  test.each(['{"half', '{"rows":{}}'])(
    'damaged kept state %s: one line that names the file',
    async (text) => {
      const folder = join(project, `damaged-${text.length}`);
      mkdirSync(folder);
      writeFileSync(join(folder, 'business-central.json'), text);
      const { code, stderr } = await run([...freePorts, '--data', folder]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^[^\n]*business-central\.json is damaged[^\n]*\n$/);
      expect(readdirSync(folder)).not.toContain('dataverse.json');
    },
  );
});
