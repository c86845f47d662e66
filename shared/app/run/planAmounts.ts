/** A dry run of orders: which discount and freight a run would send to Business Central after their lines (D-90). */
import type { PassDirection } from '../../domain/common/directions.ts';
import { amountChanges, type DueAmounts } from '../../domain/documents/orderAmounts.ts';
import type { PlannedAction } from '../../domain/sync/planTypes.ts';
import { canonicalText } from '../../domain/sync/values.ts';
import type { DocumentLine } from '../../ports/businessCentral.ts';
import {
  type AmountSubject,
  decideAmounts,
  dueOf,
  freightAccountFor,
  linesForFreight,
} from './completeOrders.ts';
import type { RunScope } from './runScope.ts';

/** An order of which something is due. */
interface Work extends AmountSubject {
  readonly due: DueAmounts;
}

/**
 * The same actions in the same order, with the amounts beside the other fields (contract section 3): an order to which only
 * amounts are sent is modified, and one that cannot get them fails, as in the run. Nothing is written.
 */
export async function withPlannedAmounts(
  scope: RunScope,
  pass: PassDirection,
  actions: readonly PlannedAction[],
): Promise<readonly PlannedAction[]> {
  if (pass === 'toDataverse' || !scope.rule.sendsAmounts) return actions;
  const works = actions.flatMap((action) => workOf(scope, action) ?? []);
  if (works.length === 0) return actions;
  const [account, lines] = await Promise.all([
    freightAccountFor(
      scope,
      works.map(({ due }) => due),
    ),
    linesForFreight(
      scope,
      works.filter(({ due }) => due.freight).map(({ businessCentral }) => businessCentral.id),
    ),
  ]);
  const surroundings = { account, lines, getsLines: await ordersToGetLines(scope, works, lines) };
  const planned = new Map(works.map((work) => [work.action, plannedWith(scope, work, surroundings)]));
  return actions.map((action) => planned.get(action) ?? action);
}

/** Amounts follow only what was written, or found as it should be. */
function workOf(scope: RunScope, action: PlannedAction): Work | null {
  const { businessCentral, dataverse } = action.pair;
  const isDone = action.kind === 'modify' || action.kind === 'couple' || action.kind === 'unchanged';
  if (!isDone || businessCentral === null || dataverse === null) return null;
  const subject = { action, businessCentral, dataverse };
  const due = dueOf(scope, subject);
  return due.discount || due.freight ? { ...subject, due } : null;
}

/** Orders without a line here that have some in Sales: the run sends those first. */
async function ordersToGetLines(
  { ports, rule }: RunScope,
  works: readonly Work[],
  lines: readonly DocumentLine[],
): Promise<ReadonlySet<string>> {
  const filled = new Set<string>(lines.map(({ documentId }) => documentId));
  const empty = works.filter(({ due, businessCentral }) => due.freight && !filled.has(businessCentral.id));
  const parent = rule.lines?.parent;
  if (empty.length === 0 || parent === undefined) return new Set();
  const { table, attribute } = parent;
  const ids = empty.map(({ dataverse }) => dataverse.id);
  const rows = await ports.dataverse.readByValues({ table, attributes: [attribute] }, attribute, ids);
  const parents = new Set(rows.map(({ values }) => canonicalText(values[attribute])));
  return new Set(
    empty
      .filter(({ dataverse }) => parents.has(dataverse.id))
      .map(({ businessCentral }) => businessCentral.id),
  );
}

function plannedWith(
  scope: RunScope,
  work: Work,
  all: {
    readonly account: string | null;
    readonly lines: readonly DocumentLine[];
    readonly getsLines: ReadonlySet<string>;
  },
): PlannedAction {
  const { action, businessCentral: order, due } = work;
  const { writes, failure } = decideAmounts(scope, work, due, {
    order,
    lines: all.lines.filter(({ documentId }) => documentId === order.id),
    account: all.account,
    getsLines: all.getsLines.has(order.id),
  });
  const { mapping, direction, businessCentralId, dataverseId, name, pair } = action;
  const head = { mapping, direction, businessCentralId, dataverseId, name, pair };
  if (failure !== null) return { ...head, kind: 'fail', problem: failure };
  const changes = amountChanges(writes, order.values);
  if (changes.length === 0) return action;
  if (action.kind === 'modify' || action.kind === 'couple')
    return { ...action, fields: [...action.fields, ...changes] };
  if (action.kind !== 'unchanged') return action;
  const { settledFields, unsentFields } = action;
  return {
    ...head,
    kind: 'modify',
    values: {},
    fields: changes,
    settledFields,
    waitingFields: [],
    unsentFields,
  };
}
