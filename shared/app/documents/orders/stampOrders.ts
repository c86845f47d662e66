/** Stamps Sales orders whose order in Business Central is complete, and couples the two (D-40, D-66, D-68 step 5). */
import type { DataverseRow } from '../../../domain/common/records.ts';
import type { Coupling } from '../../../domain/couplings/coupling.ts';
import { stampValues } from '../../../domain/documents/orderStages.ts';
import { problem, type RecordProblem } from '../../../domain/sync/problems.ts';
import { documentCoupling } from '../documentCoupling.ts';
import { readHeaders } from '../documentRows.ts';
import { coupleLines } from './coupleLines.ts';
import { failedEnd, type OrderEnd, type OrderScope, type OrderWork, orderMappingName } from './orderScope.ts';
import { type RowWritten, writeRows } from './sandwich.ts';
import { releaseCreated, writtenBack } from './travelBothWays.ts';

export type StampWork = Pick<OrderWork, 'header' | 'intent'>;

const dateLength = 10;

/** Stamps and couples; an order that cannot be stamped yet keeps its place and is stamped by the next run. */
export async function stampOrders(
  scope: OrderScope,
  works: readonly StampWork[],
): Promise<readonly OrderEnd[]> {
  if (works.length === 0) return [];
  await scope.renew();
  const unreleased = await releaseCreated(scope, works);
  const first = await write(scope, works);
  const stale = works.filter((work) => isStale(work, first.get(work)));
  const second = stale.length > 0 ? await write(scope, await readAgain(scope, stale)) : new Map();
  const results = works.map((work) => {
    const again = [...second].find(([{ header }]) => header.id === work.header.id)?.[1];
    return { work, result: again ?? first.get(work) };
  });
  const stamped = results.flatMap(({ work, result }) => (result?.reason === null ? [work] : []));
  const failed = results.flatMap(({ work, result }) =>
    result?.reason === null ? [] : [unstamped(work, result)],
  );
  return [...failed, ...(await couple(scope, stamped, unreleased))];
}

async function write(
  scope: OrderScope,
  works: readonly StampWork[],
): Promise<ReadonlyMap<StampWork, RowWritten | undefined>> {
  const stamp = await scope.company.stamp();
  const today = scope.ports.clock.now().slice(0, dateLength);
  const told = await writtenBack(scope, works);
  const written = await writeRows(
    scope,
    works.map(({ header, intent }) => ({
      row: header,
      values: { ...stampValues(header, stamp, today), ...told.get(header.id) },
      endState: intent.document.endState,
    })),
  );
  return new Map(works.map((work, index) => [work, written[index]]));
}

/** Somebody changed the row since it was read; it is read once more (D-164). */
function isStale({ header }: StampWork, result: RowWritten | undefined): boolean {
  return result !== undefined && result.reason !== null && result.row.etag === header.etag;
}

async function readAgain(scope: OrderScope, works: readonly StampWork[]): Promise<readonly StampWork[]> {
  const rows = await readHeaders(
    scope.ports,
    'order',
    works.map(({ header }) => header.id),
  );
  const byId = new Map<string, DataverseRow>(rows.map((row) => [row.id, row]));
  return works.map((work) => ({ ...work, header: byId.get(work.header.id) ?? work.header }));
}

function unstamped({ header, intent }: StampWork, result: RowWritten | undefined): OrderEnd {
  const { number } = intent.document;
  const message = `The order ${number} was created, but the order in Sales could not be marked: ${result?.reason}.`;
  return failedEnd(header, problem('follow-up-failed', { message, parameters: [number] }));
}

/** An order that is not released yet is coupled with a mark, by which later runs of its mapping release it (D-91). */
async function couple(
  scope: OrderScope,
  works: readonly StampWork[],
  unreleased: ReadonlyMap<string, RecordProblem>,
): Promise<readonly OrderEnd[]> {
  await coupleLines(scope, works);
  const couplings = works.flatMap((work): readonly Coupling[] => {
    const made = documentCoupling(scope, work);
    if (made === null) return [];
    return [unreleased.has(made.businessCentralId) ? { ...made, state: 'pending', isReopened: true } : made];
  });
  const outcomes = await scope.ports.couplings.save(
    orderMappingName,
    couplings.map((coupling) => ({ kind: 'create', coupling })),
  );
  const taken = new Set(
    couplings.filter((_, index) => outcomes[index] === 'taken').map(({ dataverseId }) => dataverseId),
  );
  return works.map(({ header, intent }): OrderEnd => {
    const { number } = intent.document;
    if (!taken.has(header.id)) {
      const coupling = couplings.find(({ dataverseId }) => dataverseId === header.id);
      const raised = coupling && unreleased.get(coupling.businessCentralId);
      const lacking = coupling && raised ? { lacking: { coupling, problem: raised } } : {};
      return { id: header.id, header, status: 'created', number, ...lacking };
    }
    const message = `The order ${number} was created, but is coupled to another order of Sales.`;
    return failedEnd(header, problem('already-coupled', { message }));
  });
}
