/** What was started ends in the opposite order, come what may. */
import { expect, test } from 'vitest';
import { CleanUp } from './cleanUp.ts';

test('the last one started ends first, a failure stops nothing, and each failure is one line', async () => {
  const ended: string[] = [];
  const cleanUp = new CleanUp();
  cleanUp.add('first', () => void ended.push('first'));
  cleanUp.add('second', () => Promise.reject(new Error('broken\n  in two lines')));
  cleanUp.add('third', async () => void ended.push('third'));
  expect(await cleanUp.run()).toEqual(['second: broken in two lines']);
  expect(ended).toEqual(['third', 'first']);
});

test('a second call ends nothing twice', async () => {
  let ends = 0;
  const cleanUp = new CleanUp();
  cleanUp.add('one', () => {
    ends += 1;
  });
  await cleanUp.run();
  await cleanUp.run();
  expect(ends).toBe(1);
});
