/** What the user sees while it runs. */
import { describe, expect, test } from 'vitest';
import type { Output } from '../output.ts';
import { createExpectedRecords } from './expectedRecords.ts';
import { progressText, secondsLeft, unknownRecords } from './progressText.ts';
import { createProgressView } from './progressView.ts';
import { at, row, run, zeroMs } from './samples.ts';

const halfway = run({
  status: 'running',
  syncJobs: [row({ finishedAt: null, counts: { inserted: 40, failed: 10 } })],
});
const expected = { toDataverse: 200, toBusinessCentral: null };
const nowMs = zeroMs + 2000;

describe('progress text', () => {
  test.each([
    [run({ status: 'waiting' }), 'CUSTOMER: waiting'],
    [run({ status: 'notRun' }), 'CUSTOMER: did not run'],
    [run({ status: 'running' }), 'CUSTOMER: running for 0.0 s, no records'],
    [
      halfway,
      'CUSTOMER: running for 2.0 s, 50 records, 25 records/s: 40 inserted, 10 failed, at most 6.0 s left',
    ],
    [run({ syncJobs: [row()] }), 'CUSTOMER: finished in 1.0 s, no records'],
    [
      run({
        syncJobs: [
          row({ counts: { unchanged: 3 } }),
          row({ startedAt: at(1), finishedAt: at(20), counts: { skipped: 1 } }),
        ],
      }),
      'CUSTOMER: finished in 20 s, 4 records, 0 records/s: 3 unchanged, 1 skipped',
    ],
    [run({ status: 'error' }), 'CUSTOMER: ended in error after 0.0 s, no records'],
  ])('%#', (given, text) => {
    expect(progressText(given, expected, nowMs)).toBe(text);
  });

  test('the time left is told only where it can be', () => {
    expect(secondsLeft(halfway, expected, nowMs)).toBe(6);
    expect(secondsLeft(halfway, unknownRecords, nowMs)).toBeNull();
    expect(secondsLeft(halfway, { ...expected, toDataverse: 10 }, nowMs)).toBe(0);
    expect(secondsLeft(run({ syncJobs: [row({ finishedAt: null })] }), expected, nowMs)).toBeNull();
    expect(secondsLeft(run({ syncJobs: [row()] }), expected, nowMs)).toBeNull();
  });
});

test('records are counted once per pass, and a counter that fails means unknown', () => {
  let counts = 0;
  const mappings = [
    { name: 'CUSTOMER', businessCentral: { entitySet: 'customers' }, dataverse: { entitySet: 'accounts' } },
  ];
  const of = createExpectedRecords(mappings, {
    businessCentral: () => ++counts,
    dataverse: (entitySet) => {
      throw new Error(entitySet);
    },
  });
  expect(of(run())).toEqual({ toDataverse: 1, toBusinessCentral: null });
  expect(of(run())).toEqual({ toDataverse: 1, toBusinessCentral: null });
  expect(of(run({ syncJobs: [row()] })).toDataverse).toBe(2);
  expect(of(run({ job: 'OTHER' }))).toEqual(unknownRecords);
});

function recorder(isTerminal: boolean, size = { columns: 100, rows: 24 }) {
  const written: string[] = [];
  const output: Output = {
    print: (text) => void written.push(`${text}\n`),
    printError: (text) => void written.push(`! ${text}\n`),
    write: (text) => void written.push(text),
    isTerminal,
    columns: () => size.columns,
    rows: () => size.rows,
  };
  const view = createProgressView({ output, nowMs: () => nowMs, expected: () => unknownRecords });
  return { view, take: () => written.splice(0).join('') };
}

const waiting = run({ status: 'waiting' });
const contact = run({ job: 'CONTACT', runId: '2', status: 'waiting' });

describe('plain progress', () => {
  test('has one line when a job begins and one when it ends, and no control characters', () => {
    const { view, take } = recorder(false);
    for (const runs of [[waiting], [halfway], [halfway], [run()], [run()]]) view.update(runs);
    expect(take()).toBe('CUSTOMER: started\nCUSTOMER: finished in 0.0 s, no records\n');
  });

  test('shows both lines of a job that was too quick to be seen running, and one of a job that never ran', () => {
    const { view, take } = recorder(false);
    view.update([run(), { ...contact, status: 'notRun' }]);
    expect(take()).toBe('CUSTOMER: started\nCUSTOMER: finished in 0.0 s, no records\nCONTACT: did not run\n');
  });
});

describe('progress on a terminal', () => {
  test('redraws one line per job in place', () => {
    const { view, take } = recorder(true);
    view.update([waiting, contact]);
    expect(take()).toBe('\u001b[JCUSTOMER: waiting\nCONTACT: waiting\n');
    view.update([run(), contact]);
    expect(take()).toBe('\u001b[2A\r\u001b[JCUSTOMER: finished in 0.0 s, no records\nCONTACT: waiting\n');
  });

  test('puts a log line above the lines that are redrawn', () => {
    const { view, take } = recorder(true);
    view.update([waiting]);
    take();
    view.printError('problem');
    expect(take()).toBe('\u001b[1A\r\u001b[J! problem\n\u001b[JCUSTOMER: waiting\n');
  });

  test('never draws a line that would wrap, nor more lines than fit', () => {
    const narrow = recorder(true, { columns: 25, rows: 24 });
    narrow.view.update([halfway]);
    expect(narrow.take()).toBe('\u001b[JCUSTOMER: running for 2.\n');
    const low = recorder(true, { columns: 100, rows: 3 });
    low.view.update([run(), run({ runId: '3', job: 'ITEM' }), contact, waiting]);
    expect(low.take()).toBe('\u001b[JITEM: finished in 0.0 s, no records\nCONTACT: waiting\n');
  });
});
