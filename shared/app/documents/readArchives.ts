/** Archived orders, as far as this version of Business Central shows them (D-33). */
import { SyncFailure } from '../../domain/common/failures.ts';
import { textLiteral } from '../../domain/common/odataText.ts';
import type { FieldValue } from '../../domain/common/records.ts';
import { archiveDateProperties, archiveProperties } from '../../domain/documents/occurrence.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** A version of an archived order. */
export type ArchivedOrder = Readonly<Record<string, FieldValue>>;

const entitySet = 'salesOrderArchives';
/** Properties that not every version has. */
const further = [...archiveDateProperties, 'paymentDiscountPercent'];
const missingCodes: readonly string[] = ['entity-set-not-found', 'address-not-found', 'property-not-found'];

/** The logs that know already. */
const told = new WeakSet<SyncPorts['log']>();

/** All versions of the orders of these numbers; null where this environment has no archives, which the log is told once. */
export async function readArchives(
  { businessCentral, log }: Pick<SyncPorts, 'businessCentral' | 'log'>,
  numbers: readonly string[],
): Promise<readonly ArchivedOrder[] | null> {
  try {
    const shown = await businessCentral.standardProperties(entitySet);
    const select = [...archiveProperties, ...further.filter((property) => shown.has(property))];
    const filters = numbers.map((number) => `number eq ${textLiteral(number)}`);
    return await businessCentral.readRowsByFilters({ entitySet, route: 'v2.0', select, filters });
  } catch (error) {
    if (!(error instanceof SyncFailure) || !missingCodes.includes(error.code)) throw error;
    if (!told.has(log)) log('warning', 'order-archives-missing', { reason: error.message });
    told.add(log);
    return null;
  }
}
