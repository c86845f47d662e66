/** Marks of signed-in users are believed only where the platform is seen to take forged ones off. */
import { describe, expect, it } from 'vitest';
import { isSignInGuarded } from './signInGuard.ts';

function platform(answer: () => Promise<Response>) {
  const sent: { readonly url: string; readonly mark: string | null }[] = [];
  const told: unknown[] = [];
  const clock = { ms: 0 };
  const send: typeof fetch = (url, init) => {
    sent.push({ url: String(url), mark: new Headers(init?.headers).get('x-ms-client-principal') });
    return answer();
  };
  const log = (...event: readonly unknown[]) => void told.push(event);
  const isGuarded = isSignInGuarded('sync.example', { now: () => clock.ms, send, log });
  return { sent, told, isGuarded, clock };
}
const status = (code: number) => async () => new Response(null, { status: code });

describe('the platform', () => {
  it('is tried from outside with a forged mark that gives no role', async () => {
    const { sent, isGuarded } = platform(status(204));
    expect(await isGuarded()).toBe(true);
    expect(sent).toEqual([{ url: 'https://sync.example/api/sign-in-check', mark: 'eyJjbGFpbXMiOltdfQ==' }]);
    expect(atob(sent[0]?.mark ?? '')).toBe('{"claims":[]}');
  });

  it.each([
    ['the mark arrived', status(409)],
    ['another answer came', status(200)],
    ['a sign-in was asked for', status(401)],
    ['nobody answered', () => Promise.reject(new Error('ENOTFOUND'))],
  ])('is not trusted when %s, and the log tells so', async (_what, answer) => {
    const { isGuarded, told } = platform(answer);
    expect(await isGuarded()).toBe(false);
    expect(told).toEqual([['error', 'sign-in-unguarded', { message: expect.any(String) }]]);
  });

  it('is tried again after ten minutes, and after ten seconds when it was not trusted', async () => {
    let code = 409;
    const tried = platform(async () => new Response(null, { status: code }));
    expect(await tried.isGuarded()).toBe(false);
    code = 204;
    tried.clock.ms = 9_999;
    expect(await tried.isGuarded()).toBe(false);
    tried.clock.ms = 10_000;
    expect(await Promise.all([tried.isGuarded(), tried.isGuarded()])).toEqual([true, true]);
    expect(tried.sent).toHaveLength(2);
    tried.clock.ms = 609_999;
    await tried.isGuarded();
    expect(tried.sent).toHaveLength(2);
    tried.clock.ms = 610_000;
    await tried.isGuarded();
    expect(tried.sent).toHaveLength(3);
  });
});
