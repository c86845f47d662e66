/** Writes a run's rows of the synchronisation log with as few requests as their readers allow. */
import type { MappingName, SyncJobId } from '../../domain/common/ids.ts';
import type { SyncJob } from '../../domain/logs/syncJob.ts';
import type { LogStore } from '../../ports/logStore.ts';

/** Rows of one run of one mapping. */
export class RunLog {
  readonly #logs: Pick<LogStore, 'saveSyncJobs'>;
  readonly #mapping: MappingName;
  readonly #waiting = new Map<SyncJobId, SyncJob>();

  constructor(logs: Pick<LogStore, 'saveSyncJobs'>, mapping: MappingName) {
    this.#logs = logs;
    this.#mapping = mapping;
  }

  /** Writes the row, and those that wait, in one request. */
  async save(row: SyncJob): Promise<void> {
    this.saveLater(row);
    await this.flush();
  }

  /**
   * Writes the row with the next one, or with {@link flush}. For a pass that has ended: when the host goes away before
   * that the row stands there as unfinished, which is what a broken off run looks like (E-149).
   */
  saveLater(row: SyncJob): void {
    this.#waiting.set(row.id, row);
  }

  /** Writes what waits. Call it before the run ends. */
  async flush(): Promise<void> {
    const rows = [...this.#waiting.values()];
    this.#waiting.clear();
    if (rows.length > 0) await this.#logs.saveSyncJobs(this.#mapping, rows);
  }
}

/** What a dry run logs to. */
export const nowhere: Pick<LogStore, 'saveSyncJobs'> = { saveSyncJobs: async () => {} };
