/** Log lines reach the invocation they belong to. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { withInvocationLog, writeLogLine } from './invocationLog.ts';

function recorder() {
  const lines: string[] = [];
  const take = (level: string) => (line: string) => void lines.push(`${level} ${line}`);
  return { lines, trace: take('trace'), info: take('info'), warn: take('warn'), error: take('error') };
}

it('sends lines of invocations that run side by side to their own logs, each with its level', async () => {
  const [one, two] = [recorder(), recorder()];
  const work = async (name: string) => {
    writeLogLine(name, 'trace');
    await nextTurn();
    writeLogLine(name, 'information');
    writeLogLine(name, 'warning');
    writeLogLine(name, 'error');
  };
  await Promise.all([withInvocationLog(one, () => work('one')), withInvocationLog(two, () => work('two'))]);
  expect(one.lines).toEqual(['trace one', 'info one', 'warn one', 'error one']);
  expect(two.lines).toEqual(['trace two', 'info two', 'warn two', 'error two']);
});
