/** Couplings of orders have one writer at a time: whoever holds the lease of their mapping. */
import type { CodeJobScope } from '../../jobs/codeJob.ts';
import { type HeldLease, releaseLease, renewLease, takeLease } from '../../run/lease.ts';
import { closeStrayErrors } from '../../run/strayErrors.ts';
import { orderMappingName } from './orderScope.ts';

/** What work under the lease gives back, and how many orders it coupled. */
export interface HeldWork<Result> {
  readonly result: Result;
  readonly coupled: number;
}

/** Does the work under the lease of orders; `renew` keeps that lease and the job's own. Null when another run holds it. */
export async function holdOrders<Result>(
  job: CodeJobScope,
  work: (renew: () => Promise<void>) => Promise<HeldWork<Result>>,
): Promise<Result | null> {
  const { ports, run, lease } = job;
  const held = await takeLease(ports, orderMappingName, run.runId);
  if (held === null) return null;
  let coupled = 0;
  let isCutOff = true;
  try {
    await closeStrayErrors(ports, held.state);
    const done = await work(async () => {
      await renewLease(ports, held);
      await renewLease(ports, lease);
    });
    coupled = done.coupled;
    isCutOff = false;
    return done.result;
  } finally {
    await release(job, held, coupled, isCutOff);
  }
}

/** What is remembered about the mapping of orders stays as it was, but for the number of its couplings. */
async function release({ ports }: CodeJobScope, held: HeldLease, coupled: number, isCutOff: boolean) {
  const { state } = held;
  const mayHaveLeftovers = state.mayHaveLeftovers || isCutOff;
  await releaseLease(ports, held, {
    ...state,
    mayHaveLeftovers,
    mayHaveRetries: true,
    coupledCount: state.coupledCount + coupled,
  });
}
