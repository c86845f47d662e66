/** The figures of a simulated week as a table, for people. */
import Table from 'cli-table3';
import { type ExpectedRun, type ObservedRun, seedJobs } from './expectation.ts';

/** What there is to tell of one job. */
export interface JobFigures {
  readonly job: string;
  readonly runs: readonly ObservedRun[];
  readonly expected: readonly ExpectedRun[];
  readonly told: number;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(0);

/** One row per job, and the sum. */
export function figuresTable(figures: readonly JobFigures[]): string {
  const head = [
    'job',
    'runs',
    'by frequency',
    'after hold',
    'by wake',
    'idle',
    'held min',
    'told',
    'requests',
    'latest s',
  ];
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  const rows = figures.map(numbersOf);
  for (const { job, held, ...numbers } of rows) {
    const { runs, frequency, holdOver, wake, idle, told, requests, latestMs } = numbers;
    table.push([job, runs, frequency, holdOver, wake, idle, held, told, requests, seconds(latestMs)]);
  }
  const sum = (key: 'runs' | 'frequency' | 'holdOver' | 'wake' | 'idle' | 'told' | 'requests') =>
    rows.reduce((total, row) => total + row[key], 0);
  table.push([
    'all',
    sum('runs'),
    sum('frequency'),
    sum('holdOver'),
    sum('wake'),
    sum('idle'),
    '',
    sum('told'),
    sum('requests'),
    '',
  ]);
  return table.toString();
}

function numbersOf({ job, runs, expected, told }: JobFigures) {
  const by = (cause: ExpectedRun['cause']) =>
    runs.filter((_, index) => expected[index]?.cause === cause).length;
  return {
    job,
    told,
    held: seedJobs[job]?.inactivityMinutes ?? 1440,
    runs: runs.length,
    frequency: by('frequency'),
    holdOver: by('holdOver'),
    wake: by('wake'),
    idle: runs.filter(({ work }) => work === 0).length,
    requests: runs.reduce((total, run) => total + run.requests, 0),
    latestMs: Math.max(
      0,
      ...runs.map(({ startMs }, index) => startMs - (expected[index]?.plannedMs ?? startMs)),
    ),
  };
}
