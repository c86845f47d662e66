/** Writes quantities on hand of a page of items, that column only (ST-38). */
import type { DataverseRow } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { addCounters, type Counters, zeroCounters } from '../../domain/logs/syncJob.ts';
import type { FieldMapping } from '../../domain/mappings/model.ts';
import { availableQuantity, quantityColumn, settledBase } from '../../domain/statistics/itemAvailability.ts';
import { problem, type RecordProblem } from '../../domain/sync/problems.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import type { Digest } from '../../ports/system.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import type { SyncPorts } from '../syncPorts.ts';
import type { ItemPage } from './movedItems.ts';

type Pair = ItemPage['pairs'][number];

const products = { table: 'product', attributes: [quantityColumn] };

/** An item whose product could not be told. */
export interface FailedItem {
  readonly coupling: Coupling;
  readonly problem: RecordProblem;
}

/** What became of a page; `settled` are the items whose product now holds what Business Central has. */
export interface SentQuantities {
  readonly counts: Counters;
  readonly failed: readonly FailedItem[];
  readonly settled: readonly Coupling[];
}

/** A product that is to have the quantity of its item. */
export interface QuantityWork {
  readonly pair: Pair;
  product: DataverseRow;
  end: 'modified' | 'unchanged' | RecordProblem;
}

/**
 * Sends what differs and renews the base of that field. A product that is gone is ITEM-PRODUCT's to judge. Under the
 * lease of ITEM-PRODUCT, whose couplings are written. Safe to repeat.
 */
export async function sendQuantities(
  ports: SyncPorts,
  field: FieldMapping,
  digest: Digest,
  pairs: readonly Pair[],
): Promise<SentQuantities> {
  if (pairs.length === 0) return { counts: zeroCounters, failed: [], settled: [] };
  const works = await openQuantities(ports, pairs);
  const wrong = works.filter((work) => !isRight(work));
  const stale = await send(ports, wrong);
  if (stale.length > 0) await sendAgain(ports, stale);
  const failed = works.flatMap(({ pair, end }) =>
    typeof end === 'string' ? [] : [{ coupling: pair.coupling, problem: end }],
  );
  const done = works.filter(({ end }) => typeof end === 'string');
  await renew(ports, field, digest, done);
  const counts = works.reduce(
    (sum, { end }) => addCounters(sum, { [typeof end === 'string' ? end : 'failed']: 1 }),
    zeroCounters,
  );
  return { counts, failed, settled: done.map(({ pair }) => pair.coupling) };
}

/** Reads the products; one that is gone is left out. */
export async function openQuantities(
  { dataverse }: SyncPorts,
  pairs: readonly Pair[],
): Promise<readonly QuantityWork[]> {
  if (pairs.length === 0) return [];
  const ids = pairs.map(({ coupling }) => coupling.dataverseId);
  const rows = new Map((await dataverse.readByIds(products, ids)).map((row) => [row.id, row]));
  return pairs.flatMap((pair): QuantityWork[] => {
    const product = rows.get(pair.coupling.dataverseId);
    return product ? [{ pair, product, end: 'unchanged' }] : [];
  });
}

/** What Business Central has of the item (ST-35). */
export function wantedQuantity({ pair }: QuantityWork): number {
  return availableQuantity(pair.item.values['inventory']);
}

/** Whether the product shows it already. */
export function isRight(work: QuantityWork): boolean {
  return wantedQuantity(work) === work.product.values[quantityColumn];
}

/** Returns those that were changed by somebody else in between. */
async function send(
  { dataverse }: SyncPorts,
  works: readonly QuantityWork[],
): Promise<readonly QuantityWork[]> {
  if (works.length === 0) return [];
  const updates = works.map((work) => ({
    id: work.product.id,
    etag: work.product.etag,
    values: { [quantityColumn]: wantedQuantity(work) },
  }));
  const outcomes = await dataverse.update(products, updates);
  for (const [index, work] of works.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status === 'done') work.product = outcome.record;
    work.end = outcome?.status === 'done' ? 'modified' : problemOf(work, outcome);
  }
  return works.filter((_, index) => outcomes[index]?.status === 'stale');
}

async function sendAgain(ports: SyncPorts, works: readonly QuantityWork[]): Promise<void> {
  const ids = works.map(({ product }) => product.id);
  const rows = new Map((await ports.dataverse.readByIds(products, ids)).map((row) => [row.id, row]));
  const present = works.filter((work) => rows.has(work.product.id));
  for (const work of present) work.product = rows.get(work.product.id) ?? work.product;
  await send(ports, present);
}

function problemOf({ pair }: QuantityWork, outcome: WriteOutcome<DataverseRow> | undefined): RecordProblem {
  const name = pair.coupling.businessCentralName;
  if (outcome?.status === 'refused') {
    const { kind, message, serviceCode } = outcome.problem;
    const text = `The quantity on hand of "${name}" is refused: ${message}`;
    return problem('modify-failed', {
      message: text,
      kind,
      field: quantityColumn,
      parameters: [serviceCode],
    });
  }
  if (outcome?.status === 'unknown') return problem('outcome-unknown', { message: outcome.message });
  return problem('record-changed', {
    message: `The product of "${name}" changed while it was being written.`,
  });
}

async function renew(
  { couplings }: SyncPorts,
  field: FieldMapping,
  digest: Digest,
  done: readonly QuantityWork[],
): Promise<void> {
  const writes = done.map(({ pair, product }): CouplingWrite => {
    const { coupling, item } = pair;
    const base = settledBase(field, digest, coupling.base ?? {}, item, product);
    return { kind: 'replace', coupling: { ...coupling, base } };
  });
  const [first] = done;
  if (first) await couplings.save(first.pair.coupling.mapping, writes);
}
