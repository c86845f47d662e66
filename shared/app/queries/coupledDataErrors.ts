/** The coupled data synchronisation errors: couplings that wait for a user (A-53 to A-55, E-142). */
import type { MappingName } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { findMapping } from '../../domain/mappings/catalog.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { PageRequest, StoredPage } from '../../ports/pages.ts';
import { failuresOf } from '../actions/codeRetry.ts';
import { existingPairs } from '../actions/existingPairs.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { openReadingScope } from './readingScope.ts';

/** A coupling that waits, and which of its records exist. */
export interface CoupledDataError {
  readonly coupling: Coupling;
  readonly businessCentralExists: boolean;
  readonly dataverseExists: boolean;
}

/**
 * One page; the records are looked up in bulk. Couplings of which both records are gone are left out, and so are those of
 * mappings that do not exist any more, so a page can be shorter than asked for. Raises SyncFailure `mapping-not-found`,
 * and when a service cannot be asked.
 */
export async function listCoupledDataErrors(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  mapping: MappingName | undefined,
  page: PageRequest,
): Promise<StoredPage<CoupledDataError>> {
  if (mapping !== undefined && failuresOf(mappings, mapping) === null) findMapping(mappings, mapping);
  const query = { state: 'skipped', ...(mapping === undefined ? {} : { mapping }) } as const;
  const { rows, continuation } = await ports.couplings.list(query, page);
  const errors: CoupledDataError[] = [];
  for (const name of new Set(rows.map((coupling) => coupling.mapping))) {
    const known = mappings.find((candidate) => candidate.name === name);
    const own = rows.filter((coupling) => coupling.mapping === name);
    if (known) errors.push(...(await withExistence(ports, mappings, known, own)));
  }
  return { rows: errors, continuation };
}

async function withExistence(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  mapping: TableMapping,
  couplings: readonly Coupling[],
): Promise<readonly CoupledDataError[]> {
  const scope = await openReadingScope(ports, mappings, mapping);
  const pairs = await existingPairs(scope, couplings);
  return pairs
    .map(({ coupling, businessCentral, dataverse }) => ({
      coupling,
      businessCentralExists: businessCentral !== null,
      dataverseExists: dataverse !== null,
    }))
    .filter(({ businessCentralExists, dataverseExists }) => businessCentralExists || dataverseExists);
}

/** How many records without a coupling wait for a user (A-59, P5). */
export async function countWaiting({ retries }: SyncPorts, mapping: MappingName): Promise<number> {
  return (await retries.list(mapping)).filter(({ skipped }) => skipped).length;
}

/** How many couplings of a mapping wait for a user; memory is bounded by pages. */
export async function countSkipped({ couplings }: SyncPorts, mapping: MappingName): Promise<number> {
  let count = 0;
  let continuation: string | null = null;
  do {
    const page: StoredPage<Coupling> = await couplings.list(
      { mapping, state: 'skipped' },
      { top: 1000, continuation },
    );
    count += page.rows.length;
    continuation = page.continuation;
  } while (continuation !== null);
  return count;
}
