/** Which of the records a user named can be synchronised that way, and why the others cannot (E-127, E-128). */
import type { ChosenDirection, RecordKey } from '../../domain/actions/actionRun.ts';
import { type PassDirection, passDirections, targetSide } from '../../domain/common/directions.ts';
import type { BusinessCentralRecord, DataverseRow } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { sourceChanged } from '../../domain/sync/changed.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { type FittedSelections, fittedSelections } from './fittedSelections.ts';

/** One named record and what becomes of it. */
export interface ChosenRecord {
  readonly key: RecordKey;
  /** Null when it is not coupled. */
  readonly coupling: Coupling | null;
  /** Why it is left out; null when it takes part. */
  readonly skipped: { readonly code: string; readonly message: string } | null;
}

/**
 * Judges each named record. Of several records those are left out whose side to be overwritten changed since the last
 * synchronisation (E-128); of a single one the user has seen both versions (E-127).
 */
export async function chooseRecords(
  ports: SyncPorts,
  mapping: TableMapping,
  keys: readonly RecordKey[],
  direction: ChosenDirection,
): Promise<readonly ChosenRecord[]> {
  const couplings = await couplingsOfKeys(ports, mapping, keys);
  const judged = keys.map((key, index) => judge(key, couplings[index] ?? null));
  if (direction === 'merge' || keys.length === 1) return judged;
  const changed = await changedTargets(ports, mapping, direction, judged);
  return judged.map((record) => {
    const isOverwritten = record.coupling !== null && changed.has(record.coupling.businessCentralId);
    return record.skipped === null && isOverwritten ? { ...record, skipped: overwritten(direction) } : record;
  });
}

/** The coupling of each key, in order; by either id. */
export async function couplingsOfKeys(
  { couplings, mappings }: SyncPorts,
  mapping: TableMapping,
  keys: readonly RecordKey[],
): Promise<readonly (Coupling | null)[]> {
  const { coupledCount } = (await mappings.get(mapping.name)).state;
  const ours = keys.flatMap(({ businessCentralId }) => businessCentralId ?? []);
  const theirs = keys.flatMap(({ businessCentralId, dataverseId }) =>
    businessCentralId === null && dataverseId !== null ? [dataverseId] : [],
  );
  const [byOurs, byTheirs] = await Promise.all([
    ours.length > 0 ? couplings.byBusinessCentralIds(mapping.name, ours, coupledCount) : [],
    theirs.length > 0 ? couplings.byDataverseIds(mapping.name, theirs, coupledCount) : [],
  ]);
  const found = new Map<string, Coupling>([
    ...byOurs.map((coupling) => [coupling.businessCentralId, coupling] as const),
    ...byTheirs.map((coupling) => [coupling.dataverseId, coupling] as const),
  ]);
  return keys.map(({ businessCentralId, dataverseId }) => {
    const coupling = found.get(businessCentralId ?? dataverseId ?? '') ?? null;
    const isOther = coupling !== null && dataverseId !== null && coupling.dataverseId !== dataverseId;
    return isOther ? null : coupling;
  });
}

function judge(key: RecordKey, coupling: Coupling | null): ChosenRecord {
  if (coupling === null) {
    return { key, coupling, skipped: { code: 'coupling-not-found', message: 'The record is not coupled.' } };
  }
  if (coupling.state !== 'skipped') return { key, coupling, skipped: null };
  const message = 'The record is skipped; retry it, or choose a version on the coupled data errors, first.';
  return { key, coupling, skipped: { code: 'skipped-record', message } };
}

function overwritten(direction: PassDirection) {
  const where = direction === 'toDataverse' ? 'Sales' : 'Business Central';
  const message = `The record changed in ${where} since it was last synchronised; synchronise it alone to overwrite it.`;
  return { code: 'target-changed', message };
}

/** Business Central ids of the couplings whose side to be overwritten differs from what was last agreed. */
async function changedTargets(
  ports: SyncPorts,
  mapping: TableMapping,
  direction: PassDirection,
  judged: readonly ChosenRecord[],
): Promise<ReadonlySet<string>> {
  const couplings = judged.flatMap(({ coupling, skipped }) => (coupling && !skipped ? [coupling] : []));
  if (couplings.length === 0) return new Set();
  const digest = ports.digestWith(await ports.mappings.digestKey());
  const select = await fittedSelections(ports, mapping);
  const targets = await targetsOf(ports, select, direction, couplings);
  const back = passDirections.find((pass) => pass !== direction) ?? direction;
  const changed = couplings.filter((coupling) => {
    const target = targets.get(
      targetSide(direction) === 'dataverse' ? coupling.dataverseId : coupling.businessCentralId,
    );
    if (!target) return false;
    return sourceChanged({
      mapping: select.mapping,
      pass: back,
      values: target.values,
      ruleInputs: {},
      coupling,
      digest,
    });
  });
  return new Set(changed.map(({ businessCentralId }) => businessCentralId));
}

async function targetsOf(
  { businessCentral, dataverse }: SyncPorts,
  select: FittedSelections,
  direction: PassDirection,
  couplings: readonly Coupling[],
): Promise<ReadonlyMap<string, BusinessCentralRecord | DataverseRow>> {
  const found =
    direction === 'toDataverse'
      ? await dataverse.readByIds(
          select.dataverse,
          couplings.map(({ dataverseId }) => dataverseId),
        )
      : await businessCentral.readByIds(
          select.businessCentral,
          couplings.map(({ businessCentralId }) => businessCentralId),
        );
  return new Map(found.map((record) => [record.id as string, record]));
}
