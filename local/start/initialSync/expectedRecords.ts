/** How many records a job may have to look at, counted in the simulators; unknown where the real services run. */
import type { TableMappingView } from './apiViews.ts';
import { type ExpectedRecords, unknownRecords } from './progressText.ts';
import type { TrackedRun } from './trackRuns.ts';

/** Counts the records of an entity set; null when it cannot tell. May throw for a set it does not know. */
export type RecordCounter = (entitySet: string) => number | null;

export interface RecordCounters {
  readonly businessCentral: RecordCounter;
  readonly dataverse: RecordCounter;
}

/**
 * Answers the expectation for a run. Counts once per pass, since each pass adds records to the other side. A full
 * synchronisation looks at every record of its source; the mapping's filter is not applied.
 */
export function createExpectedRecords(
  mappings: readonly TableMappingView[],
  counters: RecordCounters,
): (run: TrackedRun) => ExpectedRecords {
  const known = new Map<string, ExpectedRecords>();
  const count = (job: string): ExpectedRecords => {
    const mapping = mappings.find(({ name }) => name === job);
    if (mapping === undefined) return unknownRecords;
    return {
      toDataverse: countOf(counters.businessCentral, mapping.businessCentral.entitySet),
      toBusinessCentral: countOf(counters.dataverse, mapping.dataverse.entitySet),
    };
  };
  return ({ job, syncJobs }) => {
    const key = `${job} ${syncJobs.length}`;
    const expected = known.get(key) ?? count(job);
    known.set(key, expected);
    return expected;
  };
}

/** An estimate is not worth a failed start. */
function countOf(counter: RecordCounter, entitySet: string): number | null {
  try {
    return counter(entitySet);
  } catch {
    return null;
  }
}
