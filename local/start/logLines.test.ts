/** Warnings and errors are shown, the rest only when asked for. */
import { expect, test } from 'vitest';
import { isShown, LogSink } from './logLines.ts';

test.each([
  ['warning something', null, true],
  ['error something', null, true],
  ['critical something', null, true],
  ['information error', null, false],
  ['debug something', '', false],
  ['debug something', 'ALL', true],
])('%s with LOCAL_LOG=%s', (line, localLog, shown) => {
  expect(isShown(line, localLog)).toBe(shown);
});

test('lines go to the view while there is one', () => {
  const seen: string[] = [];
  const printer = (name: string) => ({ printError: (text: string) => void seen.push(`${name} ${text}`) });
  const sink = new LogSink(printer('output'), null);
  sink.take('error 1');
  sink.useView(printer('view'));
  sink.take('error 2');
  sink.take('information 3');
  sink.useView(null);
  sink.take('warning 4');
  expect(seen).toEqual(['output error 1', 'view error 2', 'output warning 4']);
});
