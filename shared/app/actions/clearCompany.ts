/** Takes our company off rows that are no longer coupled, so that they belong to nobody (E-88, E-123, E-124). */
import { covers } from '../../domain/common/directions.ts';
import type { DataverseId } from '../../domain/common/ids.ts';
import type { DataverseRow } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { companyColumn } from '../../domain/sync/companyStamp.ts';
import { passesDataverse } from '../../domain/sync/recordFilter.ts';
import { stateOf } from '../../domain/sync/stateSteps.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import type { RunScope } from '../run/runScope.ts';
import { type StatedUpdate, updateInStates } from '../run/writeInStates.ts';

/** How many rows were written, and why others were not, by row. */
export interface ClearedRows {
  readonly cleared: number;
  readonly refused: ReadonlyMap<string, string>;
}

const nothing: ClearedRows = { cleared: 0, refused: new Map() };

/** Clears the rows of these couplings that carry our company. Rows that are gone need nothing. Safe to repeat. */
export async function clearCompanyOf(scope: RunScope, couplings: readonly Coupling[]): Promise<ClearedRows> {
  const company = await ourCompany(scope);
  if (company === null || couplings.length === 0) return nothing;
  const ids = couplings.map(({ dataverseId }) => dataverseId);
  const rows = await scope.ports.dataverse.readByIds(scope.selections.dataverse, ids);
  return clear(
    scope,
    rows.filter((row) => row.values[companyColumn] === company),
    couplings,
  );
}

/** Clears every row within the mapping's filter that still carries our company, coupled or not (E-124). Safe to repeat. */
export async function clearStuckRows(scope: RunScope): Promise<ClearedRows> {
  const company = await ourCompany(scope);
  if (company === null) return nothing;
  const { ports, selections, filters } = scope;
  const rows = await ports.dataverse.readByValues(selections.dataverse, companyColumn, [company]);
  return clear(
    scope,
    rows.filter((row) => passesDataverse(filters.dataverse, row)),
    [],
  );
}

/** Null where rows carry no company, or where the mapping may not write to Sales. */
async function ourCompany({ company, mapping }: RunScope): Promise<DataverseId | null> {
  return covers(mapping.direction, 'toDataverse') ? (await company.stamp()).company : null;
}

async function clear(
  scope: RunScope,
  stamped: readonly DataverseRow[],
  couplings: readonly Coupling[],
): Promise<ClearedRows> {
  const rows = stamped.filter((row) => canBeCleared(scope, row));
  if (rows.length === 0 || scope.request.dryRun) return { ...nothing, cleared: rows.length };
  const { ports, selections } = scope;
  const values = { [companyColumn]: null };
  const { documentStates } = scope.rule;
  const outcomes =
    documentStates === null
      ? await ports.dataverse.update(
          selections.dataverse,
          rows.map(({ id, etag }) => ({ id, etag, values })),
        )
      : await updateInStates(scope, documentStates, statedUpdates(rows, values, couplings));
  const refused = new Map<string, string>();
  let cleared = 0;
  for (const [index, row] of rows.entries()) {
    const reason = reasonOf(outcomes[index]);
    if (reason === null) cleared += 1;
    else refused.set(row.id, reason);
  }
  return { cleared, refused };
}

/** A closed document keeps its company: only active and submitted ones can be opened (D-99). */
function canBeCleared({ rule }: RunScope, row: DataverseRow): boolean {
  const highest = rule.documentStates?.reopenedUpTo;
  return highest === undefined || stateOf(row.values).statecode <= highest;
}

function statedUpdates(
  rows: readonly DataverseRow[],
  values: StatedUpdate['values'],
  couplings: readonly Coupling[],
): readonly StatedUpdate[] {
  const byRow = new Map<string, Coupling>(couplings.map((coupling) => [coupling.dataverseId, coupling]));
  return rows.map((row) => ({ row, values, coupling: byRow.get(row.id) ?? null }));
}

/** Null when the row no longer carries the company, be it because it is gone. */
function reasonOf(outcome: WriteOutcome<DataverseRow> | undefined): string | null {
  switch (outcome?.status) {
    case 'done':
    case 'missing':
      return null;
    case 'refused':
      return outcome.problem.message;
    case 'unknown':
      return outcome.message;
    default:
      return 'The record was changed at the same moment; uncouple it again.';
  }
}
