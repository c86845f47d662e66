/** The port to what is remembered of customer statistics between runs (ST-29). */
import type { BusinessCentralId } from '../domain/common/ids.ts';
import type { WrittenStatistics } from '../domain/statistics/statisticsRow.ts';

export interface StatisticsStore {
  /** Those of customers whose ids lie after one (null: from the first) and up to another (null: to the last). */
  between(
    after: BusinessCentralId | null,
    upTo: BusinessCentralId | null,
  ): Promise<readonly WrittenStatistics[]>;
  /** Those of these customers that are remembered. */
  byCustomers(ids: readonly BusinessCentralId[]): Promise<readonly WrittenStatistics[]>;
  /** Inserts or replaces by customer. Safe to repeat. */
  save(statistics: readonly WrittenStatistics[]): Promise<void>;
  /** Forgets customers; missing ones are passed over. Safe to repeat. */
  remove(ids: readonly BusinessCentralId[]): Promise<void>;
}
