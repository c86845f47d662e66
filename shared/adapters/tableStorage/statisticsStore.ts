/** What is remembered of customer statistics over one table: one partition, row = customer. */
import { z } from 'zod';
import type { WrittenStatistics } from '../../domain/statistics/statisticsRow.ts';
import type { StatisticsStore } from '../../ports/statisticsStore.ts';
import { column, orNull, present, readRow } from './columns.ts';
import type { EntityTable, RowWrite, StoredRow } from './entityTable.ts';
import { rowsByKeys, writeWherePossible } from './lookups.ts';

const partition = 'statistics';

const statisticsSchema = z.object({
  businessCentralId: column.businessCentralId,
  accountId: column.dataverseId,
  statisticsId: orNull(column.dataverseId),
  digest: orNull(z.string()),
  errorId: orNull(column.syncErrorId),
});

/** Statistics of customers, in `table`. */
export function statisticsStore(table: EntityTable): StatisticsStore {
  const read = (row: StoredRow): WrittenStatistics => readRow(table.name, row, statisticsSchema);
  return {
    async between(after, upTo) {
      const { rows } = await table.query({
        partition,
        ...(after === null ? {} : { rowAfter: after }),
        ...(upTo === null ? {} : { rowBefore: keyAfter(upTo) }),
      });
      return rows.map(read);
    },
    async byCustomers(ids) {
      return (await rowsByKeys(table, partition, ids)).map(read);
    },
    async save(statistics) {
      await writeWherePossible(table, partition, statistics.map(upsert));
    },
    async remove(ids) {
      await writeWherePossible(
        table,
        partition,
        ids.map((row): RowWrite => ({ kind: 'delete', row })),
      );
    },
  };
}

/** The next key in order: bounds above are exclusive. */
function keyAfter(id: string): string {
  return `${id} `;
}

function upsert(statistics: WrittenStatistics): RowWrite {
  return { kind: 'upsert', row: statistics.businessCentralId, properties: present({ ...statistics }) };
}
