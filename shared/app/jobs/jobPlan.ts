/** What a dry run of a job that runs code answers (contract section 3). */
import { addCounters, type Counters, zeroCounters } from '../../domain/logs/syncJob.ts';
import type { PlannedAction } from '../../domain/sync/planTypes.ts';

/** Every action, and the counters that carrying them out would end with. */
export interface JobPlan {
  readonly actions: readonly PlannedAction[];
  readonly counts: Counters;
}

/** Nothing would be done. */
export const emptyPlan: JobPlan = { actions: [], counts: zeroCounters };

/** One plan after the other. */
export function joinedPlans(plans: readonly JobPlan[]): JobPlan {
  return {
    actions: plans.flatMap(({ actions }) => actions),
    counts: plans.reduce((sum, { counts }) => addCounters(sum, counts), zeroCounters),
  };
}
