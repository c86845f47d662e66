/** Coupled lines whose counterpart is gone from a document that is there are deleted with their couplings (D-86, D-92). */
import type { PassDirection } from '../../domain/common/directions.ts';
import { businessCentralId, dataverseId } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { entityRuleOf } from '../../domain/mappings/catalog.ts';
import type { LinesAfter } from '../../domain/sync/entityRule.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import type { DeleteOutcome } from '../../ports/writeOutcome.ts';
import { whileOrdersAreOpen, whileRowsAreOpen } from './openHeaders.ts';
import type { RunScope } from './runScope.ts';

/**
 * `present` are the ids of all lines that these headers have on the side of the pass. Only a line that is coupled, and whose
 * header was just read, can be lost, and it is asked for by itself before (P9). Safe to repeat: a line that is gone loses its coupling.
 */
export async function deleteLostLines(
  scope: RunScope,
  pass: PassDirection,
  headers: readonly string[],
  present: readonly string[],
): Promise<void> {
  const { lines } = scope.rule;
  const mapping = scope.allMappings.find(({ name }) => name === lines?.mapping);
  if (!lines?.parent || !mapping || headers.length === 0) return;
  const known = new Set(present);
  const lineScope: RunScope = { ...scope, rule: entityRuleOf(mapping) };
  if (pass === 'toDataverse') await deleteRows(lineScope, lines, headers, known);
  else await deleteRecords(lineScope, lines, headers, known);
}

async function deleteRows(
  scope: RunScope,
  { mapping, parent, entitySet, route }: LinesAfter,
  orders: readonly string[],
  present: ReadonlySet<string>,
): Promise<void> {
  const { ports } = scope;
  const headers = await ports.couplings.byBusinessCentralIds(
    scope.mapping.name,
    orders.map(businessCentralId),
    scope.state.coupledCount,
  );
  if (!parent || headers.length === 0) return;
  const { table, attribute } = parent;
  const parents = headers.map((coupling) => coupling.dataverseId);
  const rows = await ports.dataverse.readByValues({ table, attributes: [attribute] }, attribute, parents);
  const couplings = await ports.couplings.byDataverseIds(
    mapping,
    rows.map(({ id }) => id),
    rows.length,
  );
  const missing = couplings.filter((coupling) => !present.has(coupling.businessCentralId));
  const there = await ports.businessCentral.existing(
    { entitySet, route },
    missing.map((coupling) => coupling.businessCentralId),
  );
  const lost = missing.filter((coupling) => !there.has(coupling.businessCentralId));
  const doomed = rows.filter(({ id }) => lost.some((coupling) => coupling.dataverseId === id));
  if (doomed.length === 0) return;
  const touched = doomed.map((row) => dataverseId(String(row.values[attribute])));
  const outcomes = await whileRowsAreOpen(scope, [...new Set(touched)], () =>
    ports.dataverse.delete(table, doomed),
  );
  const gone = doomed.filter((_, index) => isGone(outcomes[index])).map(({ id }): string => id);
  await forget(
    scope,
    mapping,
    lost.filter((coupling) => gone.includes(coupling.dataverseId)),
  );
}

async function deleteRecords(
  scope: RunScope,
  { mapping, entitySet, route, property, parent }: LinesAfter,
  rows: readonly string[],
  present: ReadonlySet<string>,
): Promise<void> {
  const { ports } = scope;
  const headers = await ports.couplings.byDataverseIds(
    scope.mapping.name,
    rows.map(dataverseId),
    scope.state.coupledCount,
  );
  if (headers.length === 0) return;
  const selection = { entitySet, route, properties: [property], companions: [] };
  const orders = headers.map((coupling) => coupling.businessCentralId);
  const lines = await ports.businessCentral.readByValues(selection, property, orders);
  const couplings = await ports.couplings.byBusinessCentralIds(
    mapping,
    lines.map(({ id }) => id),
    lines.length,
  );
  const missing = couplings.filter((coupling) => !present.has(coupling.dataverseId));
  const lost = await withoutPresent(scope, parent?.table ?? '', missing);
  const ids = lines
    .filter(({ id }) => lost.some((coupling) => coupling.businessCentralId === id))
    .map(({ id }) => id);
  if (ids.length === 0) return;
  const touched = lines.filter(({ id }) => ids.includes(id)).map(({ values }) => String(values[property]));
  const outcomes = await whileOrdersAreOpen(scope, [...new Set(touched)].map(businessCentralId), async () => {
    // Reopening touches the lines' document, so their versions are read afterwards.
    const doomed = await ports.businessCentral.readByIds(selection, ids);
    const deleted = await ports.businessCentral.delete(selection, doomed);
    return new Map(doomed.map(({ id }, index) => [id, deleted[index]]));
  });
  const isDeleted = ({ businessCentralId: id }: Coupling) => !outcomes.has(id) || isGone(outcomes.get(id));
  await forget(scope, mapping, lost.filter(isDeleted));
}

/** Rows are asked for by their ids before they count as gone. */
async function withoutPresent(
  { ports }: RunScope,
  table: string,
  missing: readonly Coupling[],
): Promise<readonly Coupling[]> {
  if (missing.length === 0) return missing;
  const ids = missing.map(({ dataverseId: id }) => id);
  const there = new Set(
    (await ports.dataverse.readByIds({ table, attributes: [] }, ids)).map(({ id }) => id),
  );
  return missing.filter(({ dataverseId: id }) => !there.has(id));
}

function isGone(outcome: DeleteOutcome | undefined): boolean {
  return outcome?.status === 'done' || outcome?.status === 'missing';
}

async function forget(
  { ports }: RunScope,
  mapping: LinesAfter['mapping'],
  lost: readonly Coupling[],
): Promise<void> {
  const writes = lost.map(({ businessCentralId: ours, dataverseId: theirs }): CouplingWrite => {
    return { kind: 'remove', businessCentralId: ours, dataverseId: theirs };
  });
  if (writes.length > 0) await ports.couplings.save(mapping, writes);
}
