/** Timer functions, the movable clock and the host's own routes (A-7, A-35, A-36). */
import { afterEach, describe, expect, it } from 'vitest';
import { createHostClock, type FunctionsHostOptions, type RunningFunctionsHost } from './host.ts';
import { TestHosts, takeRecords } from './testApp.ts';

const hosts = new TestHosts();
afterEach(() => hosts.stopAll());

const startMs = Date.parse('2025-01-01T00:00:30.000Z');
const minuteMs = 60_000;

/** A host whose clock moves only when told to. */
function startFrozen(
  code: string,
  options: Partial<FunctionsHostOptions> = {},
): Promise<RunningFunctionsHost> {
  return hosts.start({ code }, { clock: createHostClock(() => startMs), ...options });
}

const timer = (name: string, schedule: string, body: string, more = '') =>
  `app.timer('${name}', { schedule: '${schedule}', ${more} handler: async (timer, context) => { ${body} } });\n`;
const pause = (milliseconds: number) =>
  `await new Promise((resolve) => setTimeout(resolve, ${milliseconds}));`;
const offset = 'Number(process.env.LOCAL_CLOCK_OFFSET_MS)';

function post(url: string, body?: unknown): Promise<Response> {
  return fetch(url, { method: 'POST', ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

async function eventually(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('advancing the clock', () => {
  it('fires every timer that became due, in time order, with the clock at its due time', async () => {
    const host = await startFrozen(
      timer('everyMinute', '0 * * * * *', `record(['minute', ${offset}]);`) +
        timer('everyTwo', '15 */2 * * * *', `record(['two', ${offset}]);`),
    );
    await host.advanceClock(3 * minuteMs);
    expect(takeRecords()).toEqual([
      ['minute', 30_000],
      ['minute', 90_000],
      ['two', 105_000],
      ['minute', 150_000],
    ]);
    expect(process.env['LOCAL_CLOCK_OFFSET_MS']).toBe(String(3 * minuteMs));
  });

  it('awaits a run before the next due time and skips none, however slow the run is', async () => {
    const host = await startFrozen(
      timer('slow', '*/10 * * * * *', `record('begin'); ${pause(20)} record('end');`) +
        timer('other', '5/10 * * * * *', `record('other');`),
    );
    await host.advanceClock(20_000);
    expect(takeRecords()).toEqual(['other', 'begin', 'end', 'other', 'begin', 'end']);
  });

  it('moves the simulators along at each step, before the timers of that instant', async () => {
    const steps: unknown[] = [];
    const host = await startFrozen(timer('tick', '0 * * * * *', `record('tick');`), {
      onClockAdvanced: async (byMs) => {
        steps.push([byMs, takeRecords().length]);
      },
    });
    await host.advanceClock(2 * minuteMs);
    expect(steps).toEqual([
      [30_000, 0],
      [60_000, 1],
      [30_000, 1],
    ]);
  });

  it('goes on after a timer that failed', async () => {
    const lines: string[] = [];
    const code = timer('bad', '0 * * * * *', `record('run'); throw new Error('broken');`);
    const host = await startFrozen(code, { log: (line) => lines.push(line) });
    await host.advanceClock(2 * minuteMs);
    expect(takeRecords()).toEqual(['run', 'run']);
    expect(lines.filter((line) => line.startsWith('error bad: failed: Error: broken'))).toHaveLength(2);
  });

  it('waits for a run under way instead of skipping its tick', async () => {
    const host = await startFrozen(
      timer('tick', '0 * * * * *', `record('begin'); ${pause(50)} record('end');`),
    );
    const byHand = host.invokeTimer('tick');
    await host.advanceClock(minuteMs);
    await byHand;
    expect(takeRecords()).toEqual(['begin', 'end', 'begin', 'end']);
  });

  it('is undone in the environment when the host stops', async () => {
    delete process.env['LOCAL_CLOCK_OFFSET_MS'];
    const host = await startFrozen(timer('tick', '0 * * * * *', ''));
    await host.advanceClock(1000);
    await host.stop();
    expect(process.env['LOCAL_CLOCK_OFFSET_MS']).toBeUndefined();
  });

  it('refuses to go backwards', async () => {
    const host = await startFrozen(timer('tick', '0 * * * * *', ''));
    await expect(host.advanceClock(-1)).rejects.toThrow(RangeError);
  });
});

describe('a timer run', () => {
  it('gets the timer in camel case, with its status, and no trigger metadata (A-7)', async () => {
    const host = await startFrozen(
      timer('tick', '0 * * * * *', 'record([timer, context.triggerMetadata ?? null]);'),
    );
    await host.advanceClock(2 * minuteMs);
    const scheduleStatus = {
      last: '2025-01-01T00:01:00.000Z',
      next: '2025-01-01T00:03:00.000Z',
      lastUpdated: '2025-01-01T00:01:00.000Z',
    };
    const second = { isPastDue: false, schedule: { adjustForDST: true }, scheduleStatus };
    expect(takeRecords()[1]).toEqual([second, null]);
  });

  it('comes at start with runOnStartup (A-35)', async () => {
    await startFrozen(timer('tick', '0 0 0 1 1 *', `record('ran');`, 'runOnStartup: true,'));
    await eventually(() => takeRecords().includes('ran'));
  });

  it('never overlaps with itself: runs by hand follow each other (A-35)', async () => {
    const host = await startFrozen(
      timer('tick', '0 * * * * *', `record('begin'); ${pause(10)} record('end');`),
    );
    await Promise.all([host.invokeTimer('tick'), host.invokeTimer('tick'), host.invokeTimer('tick')]);
    expect(takeRecords()).toEqual(['begin', 'end', 'begin', 'end', 'begin', 'end']);
  });

  it('is skipped when its tick comes during a run (A-35)', async () => {
    let nowMs = startMs;
    const lines: string[] = [];
    const host = await hosts.start(
      {
        code: timer(
          'tick',
          '* * * * * *',
          `record('run'); await new Promise((end) => { globalThis.endRun = end; });`,
        ),
      },
      { clock: createHostClock(() => nowMs), log: (line) => lines.push(line) },
    );
    const byHand = host.invokeTimer('tick');
    nowMs += 1010;
    await eventually(() => lines.length > 0);
    expect(lines).toEqual(['information tick: skipped, the run before is still going on']);
    (globalThis as { endRun?: () => void }).endRun?.();
    await byHand;
    expect(takeRecords()).toEqual(['run']);
  });

  it('fires in real time too and tells when it is late (A-35)', async () => {
    let nowMs = startMs;
    const host = await hosts.start(
      { code: timer('tick', '* * * * * *', `record(timer.isPastDue); ${pause(60)}`) },
      { clock: createHostClock(() => nowMs) },
    );
    nowMs += 1010; // the sleep of the clock ends about a second of real time later, ten milliseconds late
    await eventually(() => host.running() === 1);
    expect(takeRecords()).toEqual([false]);
    await eventually(() => host.running() === 0);
    nowMs += 5000;
    await eventually(() => host.running() === 1);
    expect(takeRecords()).toEqual([true]);
  });

  it('rejects by hand with what it threw, and for a name that is no timer', async () => {
    const host = await startFrozen(timer('bad', '0 * * * * *', `throw new Error('broken');`));
    await expect(host.invokeTimer('bad')).rejects.toThrow('broken');
    await expect(host.invokeTimer('none')).rejects.toThrow('There is no timer function "none"');
  });
});

describe('own routes (A-36)', () => {
  const code = `${timer('tick', '0 * * * * *', `record('tick');`)}
    app.http('web', { authLevel: 'anonymous', handler: () => ({}) });`;

  it('list the functions', async () => {
    const host = await startFrozen(code);
    expect(await (await fetch(`${host.url}/admin/functions`)).json()).toEqual([
      { name: 'tick', trigger: 'timer' },
      { name: 'web', trigger: 'http' },
    ]);
  });

  it('fire a timer with 202, refuse an HTTP function with 400 and an unknown one with 404', async () => {
    const host = await startFrozen(code);
    expect((await post(`${host.url}/admin/functions/tick`)).status).toBe(202);
    await eventually(() => takeRecords().includes('tick'));
    expect((await post(`${host.url}/admin/functions/tick`, {})).status).toBe(202);
    expect((await post(`${host.url}/admin/functions/web`)).status).toBe(400);
    expect((await post(`${host.url}/admin/functions/none`)).status).toBe(404);
    expect((await fetch(`${host.url}/admin/functions/tick`)).status).toBe(405);
    expect((await fetch(`${host.url}/admin/functions/tick`, { method: 'POST', body: '{' })).status).toBe(400);
  });

  it('show and move the clock', async () => {
    const host = await startFrozen(code);
    const now = async (answer: Promise<Response>) => ((await (await answer).json()) as { now: string }).now;
    expect(await now(fetch(`${host.url}/local/clock`))).toBe('2025-01-01T00:00:30.000Z');
    expect(await now(post(`${host.url}/local/clock`, { advanceMinutes: 2 }))).toBe(
      '2025-01-01T00:02:30.000Z',
    );
    expect(takeRecords()).toEqual(['tick', 'tick']);
  });

  it.each([{}, { advanceMinutes: -1 }, { advanceMinutes: '5' }, { advanceMinutes: 1, other: 1 }, 'x', null])(
    'answer 400 with the problem for the clock body %j',
    async (body) => {
      const host = await startFrozen(code);
      const answer = await post(`${host.url}/local/clock`, body);
      expect(answer.status).toBe(400);
      const { error } = (await answer.json()) as { error: { code: string; message: string } };
      expect(error.code).toBe('invalid-input');
      expect(error.message).not.toBe('');
    },
  );

  it('wait for idle: 200 at once or when the last function has ended, 504 naming what runs', async () => {
    const host = await startFrozen(timer('slow', '0 * * * * *', `${pause(300)} record('end');`));
    expect(await (await post(`${host.url}/local/idle`)).json()).toEqual({ idle: true });
    await post(`${host.url}/admin/functions/slow`);
    const tooEarly = await post(`${host.url}/local/idle?timeoutSeconds=0.05`);
    expect(tooEarly.status).toBe(504);
    expect(await tooEarly.text()).toContain('running: slow');
    expect((await post(`${host.url}/local/idle?timeoutSeconds=10`)).status).toBe(200);
    expect(takeRecords()).toEqual(['end']);
    expect((await post(`${host.url}/local/idle?timeoutSeconds=soon`)).status).toBe(400);
  });

  it('refuse actions that a page of another site sends', async () => {
    const host = await startFrozen(code);
    const init = { method: 'POST', headers: { origin: 'https://elsewhere.example' } };
    expect((await fetch(`${host.url}/admin/functions/tick`, init)).status).toBe(403);
    const own = { method: 'POST', headers: { origin: host.url } };
    expect((await fetch(`${host.url}/admin/functions/tick`, own)).status).toBe(202);
  });

  it('include those of the caller', async () => {
    const route = { method: 'POST', path: '/local/reset', handle: () => ({ status: 200, body: 'reset' }) };
    const host = await startFrozen(code, { localRoutes: [route] });
    expect(await (await post(`${host.url}/local/reset`)).text()).toBe('reset');
    expect((await fetch(`${host.url}/local/reset`)).status).toBe(405);
  });
});
