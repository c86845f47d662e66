/** Who gets in where App Service authentication stands before the app (contract section 3). */
import { describe, expect, it } from 'vitest';
import { type Caller, callerCheck, isSignInOn, remembered, signedInOrKey } from './callerCheck.ts';

const caller = (headers: Record<string, string> = {}, query = ''): Caller => ({
  url: `https://sync.example/api/jobs${query}`,
  headers: { get: (name) => headers[name] ?? null },
});
const principal = { 'x-ms-client-principal': 'e30=', 'x-ms-client-principal-name': 'administrator' };
const guarded = async () => true;
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'in',
    ({ facts }) => facts.status as number,
  );

describe('without App Service authentication', () => {
  it.each([{}, { WEBSITE_AUTH_ENABLED: 'False' }, { WEBSITE_AUTH_ENABLED: '' }])(
    'nobody is asked, since the host asks for a key: %j',
    async (environment) => {
      expect(isSignInOn(environment)).toBe(false);
      expect(await outcome(callerCheck(environment)(caller()))).toBe('in');
    },
  );

  it('who calls himself signed in is not believed in Azure, neither his roles nor his name', async () => {
    const headers = { ...principal, 'x-ms-token-aad-id-token': 'a', 'content-length': '3' };
    const believed = await callerCheck({ WEBSITE_SITE_NAME: 'func' })(caller(headers));
    expect(Object.keys(headers).map((name) => believed.get(name))).toEqual([null, null, null, '3']);
    expect(believed.get('X-MS-CLIENT-PRINCIPAL')).toBeNull();
  });

  it('roles can be tried on the own machine, where they can take rights away only', async () => {
    expect((await callerCheck({})(caller(principal))).get('x-ms-client-principal')).toBe('e30=');
  });
});

describe('with App Service authentication', () => {
  const asked: string[] = [];
  const check = signedInOrKey(async (key) => {
    asked.push(key);
    return key === 'right';
  }, guarded);

  it('who is signed in gets to the check of roles', async () => {
    expect(isSignInOn({ WEBSITE_AUTH_ENABLED: 'True' })).toBe(true);
    expect((await check(caller(principal))).get('x-ms-client-principal')).toBe('e30=');
  });

  it('a sign-in that the platform does not vouch for opens nothing, and a key beside it gives no name', async () => {
    const unguarded = signedInOrKey(
      async (key) => key === 'right',
      async () => false,
    );
    expect(await outcome(unguarded(caller(principal)))).toBe(401);
    const believed = await unguarded(caller({ ...principal, 'x-functions-key': 'right' }));
    expect(believed.get('x-ms-client-principal-name')).toBeNull();
  });

  it.each([
    ['in the header', { 'x-functions-key': 'right' }, ''],
    ['in the address', {}, '?code=right'],
  ])('programs show a function key %s', async (_where, headers, query) => {
    expect(await outcome(check(caller(headers, query)))).toBe('in');
  });

  it.each([
    ['nothing', {}, ''],
    ['an empty key', { 'x-functions-key': '' }, '?code=right'],
    ['a wrong key', { 'x-functions-key': 'wrong' }, '?code=right'],
    ['a name without a principal', { 'x-ms-client-principal-name': 'ann' }, ''],
    ['an endless key', { 'x-functions-key': 'x'.repeat(10_000) }, ''],
  ])('who shows %s is refused', async (_what, headers, query) => {
    expect(await outcome(check(caller(headers, query)))).toBe(401);
  });

  it('refuses everybody while the host cannot be asked', async () => {
    const unreachable = callerCheck({ WEBSITE_AUTH_ENABLED: 'True' });
    expect(await outcome(unreachable(caller({ 'x-functions-key': 'right' })))).toBe(401);
    expect(await outcome(unreachable(caller(principal)))).toBe(401);
  });
});

describe('answers about keys', () => {
  it('are remembered: a right key for a minute, a wrong one for ten seconds', async () => {
    let now = 0;
    const asked: string[] = [];
    const isKnown = remembered(
      async (key) => {
        asked.push(key);
        return key === 'right';
      },
      () => now,
    );
    const both = () => Promise.all([isKnown('right'), isKnown('wrong'), isKnown('right')]);
    expect(await both()).toEqual([true, false, true]);
    now = 9_999;
    await both();
    expect(asked).toEqual(['right', 'wrong']);
    now = 10_000;
    await both();
    expect(asked).toEqual(['right', 'wrong', 'wrong']);
    now = 60_000;
    await both();
    expect(asked.filter((key) => key === 'right')).toHaveLength(2);
  });

  it('are not asked for without end when keys are guessed', async () => {
    const isKnown = remembered(
      async () => false,
      () => 0,
    );
    const guesses = Array.from({ length: 101 }, (_, index) => outcome(isKnown(`guess ${index}`)));
    const outcomes = await Promise.all(guesses);
    expect(outcomes.filter((each) => each === 429)).toHaveLength(1);
  });

  it('go on for who has shown a right key before, whatever others guess', async () => {
    let now = 0;
    const isKnown = remembered(
      async (key) => key === 'right',
      () => now,
    );
    await isKnown('right');
    now = 60_000;
    await Promise.all(Array.from({ length: 100 }, (_, index) => isKnown(`guess ${index}`)));
    expect(await isKnown('right')).toBe(true);
  });
});
