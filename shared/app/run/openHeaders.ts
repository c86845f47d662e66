/** Lines can be written only while their document is open: it is opened before and closed after (D-20, D-34, D-90). */
import { type BusinessCentralId, type DataverseId, dataverseId } from '../../domain/common/ids.ts';
import { type DataverseRow, isLookupReference } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { entityRuleOf } from '../../domain/mappings/catalog.ts';
import type { EntityRule } from '../../domain/sync/entityRule.ts';
import type { WritingAction } from '../../domain/sync/planTypes.ts';
import { stateOf } from '../../domain/sync/stateSteps.ts';
import { canonicalText } from '../../domain/sync/values.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import type { RunScope } from './runScope.ts';

const rowSelection = { table: 'salesorder', attributes: ['statecode', 'statuscode'] } as const;

interface Headers {
  readonly rule: EntityRule;
  readonly couplings: readonly Coupling[];
}

/** The rows of orders these lines are written to, opened while `work` lasts; those that were open stay so. */
export async function whileRowsAreOpen<Result>(
  scope: RunScope,
  ids: readonly DataverseId[],
  work: () => Promise<Result>,
): Promise<Result> {
  const { rule, couplings } = await headersOf(scope, { dataverse: ids });
  const { documentStates } = rule;
  if (documentStates === null || ids.length === 0) return work();
  const rows = await scope.ports.dataverse.readByIds(rowSelection, ids);
  const closed = rows.filter((row) => {
    const { statecode } = stateOf(row.values);
    return statecode !== documentStates.editable.statecode && statecode <= documentStates.reopenedUpTo;
  });
  const marked = couplings.filter(({ dataverseId: id }) => closed.some((row) => row.id === id));
  await mark(scope, marked, (coupling) => {
    const row = closed.find(({ id }) => id === coupling.dataverseId);
    const intendedState = stateOf(row?.values ?? {});
    return { ...coupling, state: 'pending', toDataverse: null, intendedState };
  });
  await setStates(scope, closed, () => ({ ...documentStates.editable }));
  const result = await work();
  const before = new Map(closed.map((row) => [row.id, stateOf(row.values)]));
  const now =
    closed.length === 0 ? [] : await scope.ports.dataverse.readByIds(rowSelection, [...before.keys()]);
  const isClosed = await setStates(scope, now, ({ id }) => ({ ...(before.get(id) ?? stateOf({})) }));
  if (isClosed) await mark(scope, marked, (coupling) => coupling);
  return result;
}

/** The orders of Business Central these lines, or what comes with them, are written to, reopened while `work` lasts (D-90). */
export async function whileOrdersAreOpen<Result>(
  scope: RunScope,
  ids: readonly BusinessCentralId[],
  work: () => Promise<Result>,
): Promise<Result> {
  const { rule, couplings } = await headersOf(scope, { businessCentral: ids });
  const page = rule.reopens;
  const { businessCentral } = scope.ports;
  if (page === null || ids.length === 0 || !(await businessCentral.hasCompanionSet(page.entitySet)))
    return work();
  const selection = { ...page, properties: ['status'], companions: [] };
  const found = await businessCentral.readByIds(selection, ids);
  const released = found.filter(({ values }) => values['status'] === 'Released').map(({ id }) => id);
  const marked = couplings.filter(({ businessCentralId }) => released.includes(businessCentralId));
  await mark(scope, marked, (coupling) => {
    return { ...coupling, state: 'pending', toBusinessCentral: null, isReopened: true };
  });
  if (released.length > 0) await businessCentral.act({ ...page, action: 'reopen' }, released);
  const result = await work();
  if (released.length === 0) return result;
  const outcomes = await businessCentral.act({ ...page, action: 'release' }, released);
  if (outcomes.every(({ status }) => status === 'done')) await mark(scope, marked, (coupling) => coupling);
  return result;
}

/** The ids of the rows that these actions' lines belong to. */
export function rowsOfHeaders({ rule }: RunScope, actions: readonly WritingAction[]): readonly DataverseId[] {
  const attribute = rule.header?.attribute ?? '';
  const ids = actions.map(({ pair, values }) => {
    const wanted = values[attribute];
    const value = isLookupReference(wanted ?? null) ? (wanted as { id: string }).id : null;
    return value ?? canonicalText(pair.dataverse?.values[attribute]);
  });
  return [...new Set(ids.filter((id) => id !== ''))].map(dataverseId);
}

/** The ids of the orders that these actions' lines belong to. */
export function ordersOfHeaders(
  { rule }: RunScope,
  actions: readonly WritingAction[],
): readonly BusinessCentralId[] {
  const key = rule.header?.businessCentralKey ?? '';
  const ids = actions.map(({ pair, values }) =>
    canonicalText((values[key] as string | undefined) ?? pair.businessCentral?.values[key]).toLowerCase(),
  );
  return [...new Set(ids.filter((id) => id !== ''))] as BusinessCentralId[];
}

async function headersOf(
  { rule, mapping: own, allMappings, ports }: RunScope,
  ids: {
    readonly dataverse?: readonly DataverseId[];
    readonly businessCentral?: readonly BusinessCentralId[];
  },
): Promise<Headers> {
  // A run of the documents themselves has no header above it.
  const mapping = rule.header === null ? own : allMappings.find(({ name }) => name === rule.header?.mapping);
  if (!mapping) return { rule, couplings: [] };
  const { state } = await ports.mappings.get(mapping.name);
  const couplings = ids.dataverse
    ? await ports.couplings.byDataverseIds(mapping.name, ids.dataverse, state.coupledCount)
    : await ports.couplings.byBusinessCentralIds(mapping.name, ids.businessCentral ?? [], state.coupledCount);
  return { rule: entityRuleOf(mapping), couplings };
}

async function mark(
  { ports }: RunScope,
  couplings: readonly Coupling[],
  change: (coupling: Coupling) => Coupling,
): Promise<void> {
  const [first] = couplings;
  if (!first) return;
  const writes = couplings.map(
    (coupling): CouplingWrite => ({ kind: 'replace', coupling: change(coupling) }),
  );
  await ports.couplings.save(first.mapping, writes);
}

/** Whether every row was written. */
async function setStates(
  { ports }: RunScope,
  rows: readonly DataverseRow[],
  stateFor: (row: DataverseRow) => { readonly statecode: number; readonly statuscode: number },
): Promise<boolean> {
  if (rows.length === 0) return true;
  const updates = rows.map((row) => ({ id: row.id, etag: row.etag, values: { ...stateFor(row) } }));
  const outcomes = await ports.dataverse.update(rowSelection, updates);
  return outcomes.every(({ status }) => status === 'done');
}
