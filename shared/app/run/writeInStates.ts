/** Updates documents whose state forbids edits, in bulk: open, write, close (D-20, D-164). */
import { invariant } from '../../domain/common/failures.ts';
import type { DataverseRow, DataverseWriteValue } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { WritingAction } from '../../domain/sync/planTypes.ts';
import {
  type DocumentState,
  type DocumentStates,
  isSameState,
  type StateSteps,
  stateOf,
  stateSteps,
} from '../../domain/sync/stateSteps.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import type { DataverseSelection } from '../../ports/dataverse.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { closeRows } from './closeRows.ts';
import type { RunScope } from './runScope.ts';

type Values = Readonly<Record<string, DataverseWriteValue>>;
type Outcome = WriteOutcome<DataverseRow>;

interface Work {
  readonly coupling: Coupling | null;
  readonly steps: StateSteps;
  /** As stored after the last write. */
  row: DataverseRow;
  /** Set by the first write that did not succeed. */
  failure: Outcome | null;
}

/** What is to be written to one row; the coupling, where there is one, remembers the state it is to end in. */
export type StatedUpdate = Pick<Work, 'row' | 'coupling'> & { readonly values: Values };

/**
 * One outcome each, in order. Where the row is to end is stored before it is opened, so that a later run closes what a
 * crash left open (D-21). Each write is guarded by the version the one before it made.
 */
export async function updateInStates(
  scope: RunScope,
  states: DocumentStates,
  updates: readonly StatedUpdate[],
): Promise<readonly Outcome[]> {
  const works = worksOf(states, updates);
  await rememberEnds(scope, works);
  return sendSteps(scope.ports, scope.selections.dataverse, works);
}

/**
 * The same for rows whose couplings wait already, so that what is left open by a crash is met again by whoever asked. One
 * outcome each, in order.
 */
export function writeStated(
  ports: SyncPorts,
  selection: DataverseSelection,
  states: DocumentStates,
  updates: readonly StatedUpdate[],
): Promise<readonly Outcome[]> {
  return sendSteps(ports, selection, worksOf(states, updates));
}

function worksOf(states: DocumentStates, updates: readonly StatedUpdate[]): readonly Work[] {
  return updates.map(({ row, coupling, values }): Work => {
    return { coupling, row, steps: stateSteps(row, values, states), failure: null };
  });
}

async function sendSteps(
  ports: SyncPorts,
  selection: DataverseSelection,
  works: readonly Work[],
): Promise<readonly Outcome[]> {
  const target = { ports, selections: { dataverse: selection } };
  await send(target, works, ({ steps }) => steps.open);
  await send(target, works, ({ steps }) => steps.fields);
  await closeRows(target, works.filter(isToClose));
  await putBack(target, works.filter(isOpenAfterRefusal));
  return works.map(({ row, failure }) => failure ?? { status: 'done', record: row });
}

/** Where rows are written, and which of their columns are read back. */
export interface RowTarget {
  readonly ports: Pick<SyncPorts, 'dataverse'>;
  readonly selections: { readonly dataverse: DataverseSelection };
}

/** The updates of a mapping's actions. */
export function updatesOf(actions: readonly WritingAction[]): readonly StatedUpdate[] {
  return actions.map(({ pair, values }) => {
    invariant(pair.dataverse !== null, 'an update has a row');
    return { row: pair.dataverse, coupling: pair.coupling, values };
  });
}

function isToClose({ failure, steps }: Work): boolean {
  return failure === null && steps.close !== null;
}

function isOpenAfterRefusal({ failure, steps, row }: Work): boolean {
  return failure?.status === 'refused' && !isSameState(stateOf(row.values), steps.before);
}

/** Only rows that get opened need it; the coupling waits for its pass until the row is closed again. */
async function rememberEnds(scope: RunScope, works: readonly Work[]): Promise<void> {
  const opened = works.filter(({ steps }) => steps.open !== null);
  const writes = opened.flatMap(({ coupling, steps }): readonly CouplingWrite[] => {
    if (coupling === null) return [];
    scope.openEnds.set(coupling.businessCentralId, steps.end);
    const waiting = { ...coupling, state: 'pending', toDataverse: null, intendedState: steps.end } as const;
    return [{ kind: 'replace', coupling: waiting }];
  });
  if (writes.length > 0) await scope.ports.couplings.save(scope.mapping.name, writes);
}

async function send(
  { ports, selections }: RowTarget,
  works: readonly Work[],
  valuesOf: (work: Work) => Values | null,
): Promise<void> {
  const open = works.flatMap((work) => {
    const values = work.failure === null ? valuesOf(work) : null;
    return values === null ? [] : [{ work, values }];
  });
  if (open.length === 0) return;
  const updates = open.map(({ work, values }) => ({ id: work.row.id, etag: work.row.etag, values }));
  const outcomes = await ports.dataverse.update(selections.dataverse, updates);
  for (const [index, { work }] of open.entries()) take(work, outcomes[index]);
}

/** Takes over what a write stored, or why it did not. */
function take(work: Pick<Work, 'row' | 'failure'>, outcome: Outcome | undefined): void {
  if (outcome?.status === 'done') work.row = outcome.record;
  else work.failure = outcome ?? { status: 'unknown', message: 'The answer did not tell the outcome.' };
}

/** A document whose fields were refused is as it was before; the refusal stays its outcome. */
async function putBack({ ports, selections }: RowTarget, works: readonly Work[]): Promise<void> {
  if (works.length === 0) return;
  const state = (before: DocumentState) => ({ ...before });
  const updates = works.map(({ row, steps }) => ({
    id: row.id,
    etag: row.etag,
    values: state(steps.before),
  }));
  await ports.dataverse.update(selections.dataverse, updates);
}
