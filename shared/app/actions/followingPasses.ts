/** The log rows of the passes an action makes, kept over its pages and time slices. */
import type { SyncJobId } from '../../domain/common/ids.ts';
import type { SyncJob } from '../../domain/logs/syncJob.ts';
import type { RunScope } from '../run/runScope.ts';
import { type ChosenPass, runChosenPass } from './synchronizeAfter.ts';

/** Passes over chosen records; those of the same direction and manner share one row of the log. */
export class FollowingPasses {
  readonly #scope: RunScope;
  readonly #rows: Map<string, SyncJob>;
  #coupled = 0;

  private constructor(scope: RunScope, rows: Map<string, SyncJob>) {
    this.#scope = scope;
    this.#rows = rows;
  }

  /** Goes on with the rows of an earlier slice; one that was purged meanwhile begins anew. */
  static async open(
    scope: RunScope,
    begun: Readonly<Record<string, SyncJobId>> = {},
  ): Promise<FollowingPasses> {
    const rows = new Map<string, SyncJob>();
    for (const [key, id] of Object.entries(begun)) {
      const row = await scope.ports.logs.syncJob(id);
      if (row) rows.set(key, row);
    }
    return new FollowingPasses(scope, rows);
  }

  /** Couplings made less couplings removed. */
  get coupled(): number {
    return this.#coupled;
  }

  get syncJobs(): readonly SyncJob[] {
    return [...this.#rows.values()];
  }

  /** What a later slice needs to go on. */
  get begun(): Readonly<Record<string, SyncJobId>> {
    return Object.fromEntries([...this.#rows].map(([key, { id }]) => [key, id]));
  }

  /** Runs one pass over these records. A direction the mapping does not have is left out (E-64). */
  async run(chosen: ChosenPass): Promise<void> {
    const key = `${chosen.pass}|${chosen.manner}`;
    const { syncJob, coupled } = await runChosenPass(this.#scope, chosen, this.#rows.get(key) ?? null);
    this.#coupled += coupled;
    if (syncJob) this.#rows.set(key, syncJob);
  }
}
