/** Jobs that run code instead of a table mapping: which there are, and when they run (J-77, J-78, D-10). */
import { type MappingName, mappingName } from '../common/ids.ts';
import { type Instant, shift } from '../common/instants.ts';
import type { DocumentSettings } from '../documents/documentSettings.ts';
import { type JobQueueEntry, noDeletions, weekdays } from './jobQueueEntry.ts';

/** In the order in which one run of all of them makes sense: quotes become orders, orders have notes and a status. */
export const codeJobNames = [
  'AUTO PROCESS SALES QUOTES',
  'AUTO CREATE SALES ORDERS',
  'SALES ORDER NOTES',
  'SALES ORDER STATUS',
  'ARCHIVED SALES ORDERS',
  'CUSTOMER STATISTICS',
  'ITEM AVAILABILITY',
] as const;
export type CodeJobName = (typeof codeJobNames)[number];

export interface CodeJobDefinition {
  readonly name: CodeJobName;
  readonly description: string;
  readonly frequencyMinutes: number;
  /** 0 = never held (J-55). */
  readonly inactivityTimeoutMinutes: number;
  /** Whether a run that found nothing puts the job on hold (J-53). */
  readonly hasIdleTest: boolean;
  /** Sets of Business Central whose changes wake the job (J-69, J-78). */
  readonly wokenBy: readonly string[];
  /** Whether the settings ask for the job (D-6 to D-8). */
  readonly isWanted: (settings: DocumentSettings) => boolean;
}

/** These jobs are tried twice, 30 seconds apart (J-41). */
const attempts = { maxAttempts: 2, rerunDelaySeconds: 30 };

const definitions: readonly CodeJobDefinition[] = [
  define('AUTO PROCESS SALES QUOTES', 30, ({ autoProcessQuotes }) => autoProcessQuotes),
  define(
    'AUTO CREATE SALES ORDERS',
    30,
    ({ autoCreateOrders, orderIntegration }) => autoCreateOrders && orderIntegration !== 'bidirectional',
  ),
  define('SALES ORDER NOTES', 5, ({ orderIntegration }) => orderIntegration !== 'off'),
  define('SALES ORDER STATUS', 7, ({ orderIntegration }) => orderIntegration === 'oneWay'),
  {
    ...define('ARCHIVED SALES ORDERS', 30, ({ orderIntegration }) => orderIntegration === 'bidirectional'),
    hasIdleTest: true,
    wokenBy: ['salesOrderArchives'],
  },
  // The seeds give statistics no inactivity timeout: payments and order lines wake nobody (ST-16, J-78).
  { ...define('CUSTOMER STATISTICS', 30, () => true), inactivityTimeoutMinutes: 0, hasIdleTest: true },
  define('ITEM AVAILABILITY', 30, ({ itemAvailability }) => itemAvailability),
];

function define(
  name: CodeJobName,
  frequencyMinutes: number,
  isWanted: CodeJobDefinition['isWanted'],
): CodeJobDefinition {
  return {
    name,
    description: `${name} - Dynamics 365 Sales synchronization job`,
    frequencyMinutes,
    inactivityTimeoutMinutes: frequencyMinutes,
    hasIdleTest: false,
    wokenBy: [],
    isWanted,
  };
}

/** The jobs that the settings ask for, in the order of {@link codeJobNames}. */
export function codeJobsOf(settings: DocumentSettings): readonly CodeJobDefinition[] {
  return definitions.filter(({ isWanted }) => isWanted(settings));
}

/** Those of the jobs that a change of a set of Business Central wakes. */
export function codeJobsWokenBy(
  jobs: readonly CodeJobDefinition[],
  entitySet: string,
): readonly CodeJobDefinition[] {
  const wanted = entitySet.toLowerCase();
  return jobs.filter(({ wokenBy }) => wokenBy.some((set) => set.toLowerCase() === wanted));
}

/** Whether the name is that of a job that runs code, asked for or not. */
export function isCodeJobName(name: string): name is CodeJobName {
  return (codeJobNames as readonly string[]).includes(name);
}

/** The name its rows of the log stand under: that of the mapping whose records it works on, or its own (J-80). */
export function logNameOf(job: CodeJobName): MappingName {
  return mappingName(job === 'AUTO CREATE SALES ORDERS' ? 'SALESORDER-ORDER' : job);
}

/** Whether a run of this job that found nothing puts it on hold; jobs of mappings are all held (J-53). */
export function hasIdleTest(job: string): boolean {
  return definitions.find(({ name }) => name === job)?.hasIdleTest ?? true;
}

/**
 * The entry such a job begins with: on hold for its timeout, so that a new installation settles first (J-77). One that is
 * never held begins after its frequency, for the same reason: a timer must not overtake the first synchronisation.
 */
export function newCodeJobEntry(definition: CodeJobDefinition, at: Instant): JobQueueEntry {
  const { name, description, frequencyMinutes, inactivityTimeoutMinutes } = definition;
  return {
    ...{ name, description, frequencyMinutes, inactivityTimeoutMinutes, ...attempts },
    mapping: null,
    status: inactivityTimeoutMinutes > 0 ? 'onHoldInactivity' : 'ready',
    earliestStart: shift(at, (inactivityTimeoutMinutes || frequencyMinutes) * 60_000),
    lastRun: null,
    attempts: 0,
    category: null,
    window: null,
    weekdays,
    errorMessage: '',
    statusBefore: null,
    woken: false,
    reportedDeletions: noDeletions,
  };
}
