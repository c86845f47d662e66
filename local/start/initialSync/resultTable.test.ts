/** The table and the list of errors at the end. */
import { describe, expect, test } from 'vitest';
import { errorListText } from './errorList.ts';
import { resultRows, resultTable, totalRow } from './resultTable.ts';
import { at, row, run } from './samples.ts';

const runs = [
  run({
    syncJobs: [
      row({ counts: { inserted: 5, failed: 1 }, requests: { businessCentral: 2, dataverse: 3 } }),
      row({
        direction: 'toBusinessCentral',
        startedAt: at(1),
        finishedAt: at(3.5),
        counts: { unchanged: 5, skipped: 2 },
      }),
      row({
        startedAt: at(4),
        finishedAt: at(5),
        counts: { modified: 1 },
        requests: { businessCentral: 1, dataverse: 1 },
      }),
    ],
  }),
  run({ job: 'CONTACT', runId: '2', status: 'notRun' }),
];

describe('result table', () => {
  test('has a row per job and direction in which repeated passes are added up, and a total', () => {
    const rows = resultRows(runs);
    expect(rows.map(({ job, direction }) => `${job} ${direction}`)).toEqual([
      'CUSTOMER to Dataverse',
      'CUSTOMER to Business Central',
      'CONTACT ',
    ]);
    expect(rows[0]).toMatchObject({
      counts: { inserted: 5, modified: 1, unchanged: 0, skipped: 0, failed: 1 },
      seconds: 2,
      requests: { businessCentral: 3, dataverse: 4 },
    });
    expect(totalRow(runs)).toMatchObject({
      counts: { inserted: 5, modified: 1, unchanged: 5, skipped: 2, failed: 1 },
      seconds: 4.5,
      requests: { businessCentral: 3, dataverse: 4 },
    });
  });

  test('is drawn with plain characters, and without colours where there is no terminal', () => {
    const text = resultTable(runs, false);
    expect(text).toMatch(/^[\x20-\x7e\n]+$/);
    expect(text.split('\n')[0]).toMatch(/^\+(-+\+)+$/);
    expect(text).toMatch(
      /\| CUSTOMER +\| to Dataverse +\| +5 \| +1 \| +0 \| +0 \| +1 \| +2\.0 \| +3 \| +4 \|/,
    );
    expect(text).toMatch(/\| Total +\| +\| +5 \| +1 \| +5 \| +2 \| +1 \| +4\.5 \| +3 \| +4 \|/);
  });
});

function error(index: number) {
  return {
    mapping: 'CUSTOMER',
    name: `Record ${index}`,
    code: 'insert-failed',
    message: 'No.',
    suggestion: 'Try\nagain.',
  };
}

describe('open errors', () => {
  test('none is no text', () => {
    expect(errorListText([], false, 'http://app')).toBe('');
  });

  test('each is one line with job, record, code, message and suggestion', () => {
    const lines = errorListText(
      [error(1), { ...error(2), name: '', suggestion: null }],
      false,
      'http://app',
    ).split('\n');
    expect(lines).toEqual([
      'Open errors: 2 (http://app/api/sync-errors?open=true)',
      '  CUSTOMER | Record 1 | insert-failed | No. Try again.',
      '  CUSTOMER | (no name) | insert-failed | No.',
    ]);
  });

  test('after ten it says how many more there are', () => {
    const errors = Array.from({ length: 13 }, (_, index) => error(index));
    expect(errorListText(errors, false, '').split('\n').at(-1)).toBe('  and 3 others');
    expect(errorListText(errors, true, '').split('\n').at(-1)).toBe('  and 3 or more others');
    expect(errorListText(errors, false, '').split('\n')).toHaveLength(12);
  });
});
