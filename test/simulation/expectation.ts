/** When jobs must run, worked out from the rules alone (J-25, J-30, J-36, J-50 to J-57, J-65, J-66, J-73, J-78). */

const minuteMs = 60_000;
/** J-65: a woken run begins 30 seconds after the notification, unless one is due within twice that time. */
const wakeDelayMs = 30_000;

/** A job as J-78 describes it, and when its first run is planned. */
export interface ExpectedJob {
  readonly name: string;
  readonly frequencyMinutes: number;
  readonly inactivityMinutes: number;
  readonly firstPlannedMs: number;
}

/** A run that took place, as its rows in the log tell. */
export interface ObservedRun {
  readonly job: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Inserted, modified, deleted and failed records of both directions (J-50). */
  readonly work: number;
  readonly requests: number;
}

/** Why a run was planned for its time. */
export type Cause = 'frequency' | 'holdOver' | 'wake';

export interface ExpectedRun {
  readonly plannedMs: number;
  readonly cause: Cause;
}

/** The sets whose changes wake a job (J-61, J-69, J-78), companion pages of the same table included. */
const wokenBy: Readonly<Record<string, readonly string[]>> = {
  CONTACT: ['contacts', 'contactExtras'],
  CURRENCY: ['currencies', 'currencyExchangeRates'],
  CUSTOMER: ['customers', 'customerExtras'],
  'CUSTPRCGRP-PRICE': ['customerPriceGroups'],
  'ITEM-PRODUCT': ['items', 'itemExtras', 'itemUnitsOfMeasure'],
  'RESOURCE-PRODUCT': ['resources', 'resourceUnitsOfMeasure'],
  SALESPEOPLE: ['salespeoplePurchasers'],
  'SALESPRC-PRODPRICE': ['salesPrices'],
  'UNIT OF MEASURE': ['unitsOfMeasure'],
  VENDOR: ['vendors', 'vendorExtras'],
};

/** The tables of Sales whose changes wake a job where that is wanted: those its mapping reads (J-70). */
const wokenByTable: Readonly<Record<string, readonly string[]>> = {
  CONTACT: ['contact'],
  CUSTOMER: ['account'],
  SALESPEOPLE: ['systemuser'],
  VENDOR: ['account'],
};

/** The table of J-78, as the seed documents have it. */
export const seedJobs: Readonly<
  Record<string, { readonly inactivityMinutes: number; readonly category: string | null }>
> = {
  CONTACT: { inactivityMinutes: 720, category: 'BCI CUST' },
  CURRENCY: { inactivityMinutes: 720, category: null },
  CUSTOMER: { inactivityMinutes: 720, category: 'BCI CUST' },
  'CUSTPRCGRP-PRICE': { inactivityMinutes: 1440, category: null },
  'ITEM-PRODUCT': { inactivityMinutes: 1440, category: null },
  'PAYMENT TERMS': { inactivityMinutes: 1440, category: 'BCI OPTION' },
  'RESOURCE-PRODUCT': { inactivityMinutes: 720, category: null },
  SALESPEOPLE: { inactivityMinutes: 1440, category: null },
  'SALESPRC-PRODPRICE': { inactivityMinutes: 1440, category: null },
  'SHIPMENT METHOD': { inactivityMinutes: 1440, category: 'BCI OPTION' },
  'SHIPPING AGENT': { inactivityMinutes: 1440, category: 'BCI OPTION' },
  'UNIT OF MEASURE': { inactivityMinutes: 720, category: null },
  VENDOR: { inactivityMinutes: 720, category: 'BCI CUST' },
};

/** Whether a change of the set concerns the job. */
export function concerns(job: string, entitySet: string): boolean {
  return (wokenBy[job] ?? []).includes(entitySet);
}

/** Whether a change of the table of Sales concerns the job. */
export function concernsTable(job: string, table: string): boolean {
  return (wokenByTable[job] ?? []).includes(table);
}

/**
 * When each run of a job had to begin, given the runs before it and the instants at which the job was told of a change;
 * the last element is the run after the last one. Times are epoch milliseconds, in order.
 */
export function expectedRuns(
  job: ExpectedJob,
  runs: readonly ObservedRun[],
  toldMs: readonly number[],
): readonly ExpectedRun[] {
  const expected: ExpectedRun[] = [];
  let next: ExpectedRun = { plannedMs: job.firstPlannedMs, cause: 'frequency' };
  let freeSinceMs = Number.NEGATIVE_INFINITY;
  for (const run of [...runs, null]) {
    const untilMs = run?.startMs ?? Number.POSITIVE_INFINITY;
    for (const atMs of toldMs) if (freeSinceMs <= atMs && atMs < untilMs) next = broughtForward(next, atMs);
    expected.push(next);
    if (run === null) break;
    next = afterRun(job, run);
    // A change told of during the run counts from its end (J-73).
    if (toldMs.some((atMs) => run.startMs <= atMs && atMs < run.endMs))
      next = broughtForward(next, run.endMs);
    freeSinceMs = run.endMs;
  }
  return expected;
}

function afterRun(
  { frequencyMinutes, inactivityMinutes }: ExpectedJob,
  { endMs, work }: ObservedRun,
): ExpectedRun {
  const isHeld = work === 0 && inactivityMinutes > 0;
  const minutes = isHeld ? inactivityMinutes : frequencyMinutes;
  return { plannedMs: endMs + minutes * minuteMs, cause: isHeld ? 'holdOver' : 'frequency' };
}

function broughtForward(next: ExpectedRun, toldMs: number): ExpectedRun {
  if (toldMs + 2 * wakeDelayMs >= next.plannedMs) return next;
  return { plannedMs: toldMs + wakeDelayMs, cause: 'wake' };
}
