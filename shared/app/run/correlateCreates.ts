/** Finds the Business Central records that creates of unknown outcome may have made (DESIGN, Idempotent writes). */
import { earlier, type Instant, shift } from '../../domain/common/instants.ts';
import type { BusinessCentralRecord, FieldValues } from '../../domain/common/records.ts';
import { couldBeCreatedFrom } from '../../domain/sync/correlate.ts';
import type { WritingAction } from '../../domain/sync/planTypes.ts';
import type { BusinessCentralSelection } from '../../ports/businessCentral.ts';
import type { RunScope } from './runScope.ts';
import type { WrittenAction } from './writeActions.ts';

/** The clocks of the two systems may differ; a create is looked for from this long before it was begun (E-48). */
const clockToleranceMs = 10 * 60_000;

/**
 * The id of the one uncoupled record that each create could have made, by Dataverse id. Creates with no or several
 * such records are absent.
 */
export async function correlateCreates(
  scope: RunScope,
  open: readonly WrittenAction[],
): Promise<Map<string, string>> {
  const creates = open.map(({ action }) => action).filter((action) => action.kind === 'insert');
  const found = new Map<string, string>();
  for (const { action, candidates } of await createdCandidates(scope, creates)) {
    const [only, second] = candidates;
    if (only && !second && action.dataverseId) found.set(action.dataverseId, only.id);
  }
  return found;
}

/** Every create with the uncoupled records made since its intent that hold its values. */
export async function createdCandidates(
  scope: RunScope,
  creates: readonly WritingAction[],
): Promise<
  readonly { readonly action: WritingAction; readonly candidates: readonly BusinessCentralRecord[] }[]
> {
  if (creates.length === 0) return [];
  const intents = await scope.ports.couplings.intents(scope.mapping.name);
  const since = new Map<string, Instant>(intents.map((intent) => [intent.dataverseId, intent.startedAt]));
  const starts = creates.flatMap(({ dataverseId }) => since.get(dataverseId ?? '') ?? []);
  const [first, ...rest] = starts;
  if (first === undefined) return creates.map((action) => ({ action, candidates: [] }));
  const records = await uncoupledSince(scope, shift(rest.reduce(earlier, first), -clockToleranceMs), creates);
  return creates.map((action) => ({
    action,
    candidates: records.filter((record) =>
      couldBeCreatedFrom(scope.mapping, action.values as FieldValues, record),
    ),
  }));
}

async function uncoupledSince(
  scope: RunScope,
  modifiedFrom: Instant,
  creates: readonly WritingAction[],
): Promise<readonly BusinessCentralRecord[]> {
  const { ports, mapping, state } = scope;
  const selection = selectionOf(scope, creates);
  const records: BusinessCentralRecord[] = [];
  let cursor: string | null = null;
  do {
    const page = await ports.businessCentral.readChanges({ selection, modifiedFrom, cursor });
    records.push(...page.records);
    cursor = page.next;
  } while (cursor !== null);
  const ids = records.map((record) => record.id);
  const couplings = await ports.couplings.byBusinessCentralIds(mapping.name, ids, state.coupledCount);
  const coupled = new Set<string>(couplings.map((coupling) => coupling.businessCentralId));
  return records.filter((record) => !coupled.has(record.id));
}

/** The main set with every property a create sent, so that all of them can be compared. */
function selectionOf(scope: RunScope, creates: readonly WritingAction[]): BusinessCentralSelection {
  const sent = creates.flatMap((action) => Object.keys(action.values)).filter((key) => !key.includes('/'));
  const { properties } = scope.selections.businessCentral;
  return {
    ...scope.selections.businessCentral,
    properties: [...new Set([...properties, ...sent])],
    companions: [],
  };
}
