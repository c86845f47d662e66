/** The table at the end of a synchronisation: one row per job and direction, and a total. Pure. */
import Table from 'cli-table3';
import type { CountsView, SyncJobView } from './apiViews.ts';
import { elapsedSeconds } from './progressText.ts';
import type { TrackedRun } from './trackRuns.ts';

const counterColumns = [
  'inserted',
  'modified',
  'unchanged',
  'skipped',
  'failed',
] as const satisfies readonly (keyof CountsView)[];

/** One line of the table. */
export interface ResultRow {
  readonly job: string;
  /** `to Dataverse`, `to Business Central`; empty when the job never began a pass. */
  readonly direction: string;
  readonly counts: Readonly<Record<(typeof counterColumns)[number], number>>;
  readonly seconds: number;
  readonly requests: { readonly businessCentral: number; readonly dataverse: number };
}

const directionTexts: Readonly<Record<SyncJobView['direction'], string>> = {
  toDataverse: 'to Dataverse',
  toBusinessCentral: 'to Business Central',
  both: 'both',
};

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function rowOf(job: string, direction: string, syncJobs: readonly SyncJobView[]): ResultRow {
  const counts = Object.fromEntries(
    counterColumns.map((name) => [name, sum(syncJobs.map((row) => row.counts[name]))]),
  ) as ResultRow['counts'];
  const seconds = sum(
    syncJobs.map((row) => (row.finishedAt === null ? 0 : elapsedSeconds([row], Date.parse(row.finishedAt)))),
  );
  const requests = {
    businessCentral: sum(syncJobs.map((row) => row.requests.businessCentral)),
    dataverse: sum(syncJobs.map((row) => row.requests.dataverse)),
  };
  return { job, direction, counts, seconds, requests };
}

/** One row per job and direction in the order of the runs; a pass that was repeated is added up. */
export function resultRows(runs: readonly TrackedRun[]): readonly ResultRow[] {
  return runs.flatMap(({ job, syncJobs }) => {
    if (syncJobs.length === 0) return [rowOf(job, '', [])];
    const directions = [...new Set(syncJobs.map(({ direction }) => direction))];
    return directions.map((direction) =>
      rowOf(
        job,
        directionTexts[direction],
        syncJobs.filter((row) => row.direction === direction),
      ),
    );
  });
}

/** The sum of all passes. */
export function totalRow(runs: readonly TrackedRun[]): ResultRow {
  return rowOf(
    'Total',
    '',
    runs.flatMap(({ syncJobs }) => syncJobs),
  );
}

const asciiBorders = {
  top: '-',
  'top-mid': '+',
  'top-left': '+',
  'top-right': '+',
  bottom: '-',
  'bottom-mid': '+',
  'bottom-left': '+',
  'bottom-right': '+',
  left: '|',
  'left-mid': '+',
  mid: '-',
  'mid-mid': '+',
  right: '|',
  'right-mid': '+',
  middle: '|',
};

const head = [
  'Job',
  'Direction',
  'Inserted',
  'Modified',
  'Unchanged',
  'Skipped',
  'Failed',
  'Seconds',
  'Requests to\nBusiness Central',
  'Requests to\nDataverse',
];

function cells({ job, direction, counts, seconds, requests }: ResultRow): string[] {
  const numbers = counterColumns.map((name) => String(counts[name]));
  return [
    job,
    direction,
    ...numbers,
    seconds.toFixed(1),
    String(requests.businessCentral),
    String(requests.dataverse),
  ];
}

/** The table as text; head in bold when `hasColours`. */
export function resultTable(runs: readonly TrackedRun[], hasColours: boolean): string {
  const table = new Table({
    head,
    chars: asciiBorders,
    colAligns: head.map((_, index) => (index < 2 ? 'left' : 'right')),
    style: { head: hasColours ? ['bold'] : [], border: [], compact: true },
  });
  table.push(...[...resultRows(runs), totalRow(runs)].map(cells));
  return table.toString();
}
