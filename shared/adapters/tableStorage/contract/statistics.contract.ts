/** What every store of customer statistics must do. */
import { expect, test } from 'vitest';
import { syncErrorId } from '../../../domain/common/ids.ts';
import type { WrittenStatistics } from '../../../domain/statistics/statisticsRow.ts';
import type { StoreSet } from '../storeSet.ts';
import { crmId, erpId, range } from './samples.ts';

const errorId = syncErrorId('01940000-0000-7000-8000-000000000002');

function written(number: number, more: Partial<WrittenStatistics> = {}): WrittenStatistics {
  const [businessCentralId, accountId, statisticsId] = [erpId(number), crmId(number), crmId(1000 + number)];
  return { businessCentralId, accountId, statisticsId, digest: `digest ${number}`, errorId: null, ...more };
}

/** Registers the tests; `open` gives empty stores each time. */
export function statisticsContract(open: () => Promise<StoreSet>): void {
  test('statistics are read as written, replaced by customer, and forgotten (ST-29)', async () => {
    const { statistics } = await open();
    const failed = written(2, { statisticsId: null, digest: null, errorId });
    await statistics.save([written(1), failed]);
    expect(await statistics.byCustomers([erpId(1), erpId(2), erpId(3)])).toEqual([written(1), failed]);
    await statistics.save([written(2)]);
    await statistics.remove([erpId(1), erpId(7)]);
    expect(await statistics.between(null, null)).toEqual([written(2)]);
  });

  test('statistics of a range of customers are those after one and up to another, the last included (ST-26)', async () => {
    const { statistics } = await open();
    await statistics.save(range(5).map((number) => written(number)));
    const numbers = async (after: number | null, upTo: number | null) => {
      const [from, to] = [after, upTo].map((number) => (number === null ? null : erpId(number)));
      return (await statistics.between(from ?? null, to ?? null)).map(({ digest }) => digest);
    };
    expect(await numbers(null, 1)).toEqual(['digest 0', 'digest 1']);
    expect(await numbers(1, 3)).toEqual(['digest 2', 'digest 3']);
    expect(await numbers(3, null)).toEqual(['digest 4']);
  });
}
