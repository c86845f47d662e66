/** Creates and updates rows in batches, one outcome each (dataverse-web-api sections 9, 10, 12). */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { DataverseId } from '../../domain/common/ids.ts';
import type { DataverseRow, DataverseWriteValue } from '../../domain/common/records.ts';
import type { DataverseInsert, DataverseSelection, DataverseUpdate } from '../../ports/dataverse.ts';
import type { ServiceProblem, WriteOutcome } from '../../ports/writeOutcome.ts';
import { chunk } from '../http/chunks.ts';
import { HttpFailure } from '../http/httpFailure.ts';
import { sendBatch } from './batch.ts';
import type { DataverseContext } from './context.ts';
import type { BatchPart } from './multipartBuilder.ts';
import type { BatchAnswer } from './multipartParser.ts';
import { writeHeaders } from './requestHeaders.ts';
import { type ResolvedSelection, resolveSelection } from './selection.ts';
import { entitySetsOf, prepareBody } from './writeBody.ts';
import { createOutcome, updateOutcome } from './writeOutcomes.ts';

type Outcome = WriteOutcome<DataverseRow>;

/** One row to write, of either kind. */
interface Write {
  readonly id: DataverseId;
  readonly values: Readonly<Record<string, DataverseWriteValue>>;
  readonly condition: Readonly<Record<string, string>>;
}

/** How creates and updates differ. */
interface WriteKind {
  /** A repeated create answers 412 and does no harm; a repeated update cannot be told from a stale one. */
  readonly idempotent: boolean;
  readonly skipEmptyLookups: boolean;
  outcome(
    context: DataverseContext,
    resolved: ResolvedSelection,
    id: DataverseId,
    answer: BatchAnswer,
  ): Outcome;
}

const createKind: WriteKind = { idempotent: true, skipEmptyLookups: true, outcome: createOutcome };
const updateKind: WriteKind = { idempotent: false, skipEmptyLookups: false, outcome: updateOutcome };

/** Creates rows under the given ids. Safe to repeat: a row that is there answers `exists`. */
export function createRows(
  context: DataverseContext,
  selection: DataverseSelection,
  inserts: readonly DataverseInsert[],
): Promise<readonly Outcome[]> {
  const writes = inserts.map((insert) => ({ ...insert, condition: { 'If-None-Match': '*' } }));
  return writeRows(context, selection, writes, createKind);
}

/** Updates rows that still have their etag; never brings a deleted row back. */
export function updateRows(
  context: DataverseContext,
  selection: DataverseSelection,
  updates: readonly DataverseUpdate[],
): Promise<readonly Outcome[]> {
  const writes = updates.map(({ id, values, etag }) => ({ id, values, condition: { 'If-Match': etag } }));
  return writeRows(context, selection, writes, updateKind);
}

interface Sendable {
  /** Place among the outcomes. */
  readonly index: number;
  readonly id: DataverseId;
  readonly part: BatchPart;
}

async function writeRows(
  context: DataverseContext,
  selection: DataverseSelection,
  writes: readonly Write[],
  kind: WriteKind,
): Promise<readonly Outcome[]> {
  if (writes.length === 0) return [];
  const resolved = await resolveSelection(context, selection);
  const entitySets = await entitySetsOf(context, resolved.table, writes);
  const rules = { table: resolved.table, skipEmptyLookups: kind.skipEmptyLookups, entitySets };
  const outcomes: Outcome[] = [];
  const sendable: Sendable[] = [];
  writes.forEach((write, index) => {
    const prepared = prepareBody(rules, write.values);
    if (prepared.status === 'refused') outcomes[index] = prepared;
    else sendable.push({ index, id: write.id, part: partOf(context, resolved, write, prepared.body) });
  });
  await sendBatches(context, resolved, sendable, { kind, outcomes });
  return outcomes;
}

function partOf(
  context: DataverseContext,
  { table, select }: ResolvedSelection,
  write: Write,
  body: string,
): BatchPart {
  const url = `${context.apiUrl}${table.entitySet}(${write.id})?$select=${select}`;
  return { method: 'PATCH', url, headers: writeHeaders(write.condition), body };
}

/**
 * Sends all batches and fills in their outcomes. One failing batch must not hide what became of the others:
 * its rows get the failure as their outcome, unless no batch came through, which raises it.
 */
async function sendBatches(
  context: DataverseContext,
  resolved: ResolvedSelection,
  sendable: readonly Sendable[],
  target: { readonly kind: WriteKind; readonly outcomes: Outcome[] },
): Promise<void> {
  const { kind, outcomes } = target;
  const batches = chunk(sendable, context.batchSize);
  const mode = { idempotent: kind.idempotent, writes: true };
  const results = await Promise.allSettled(
    batches.map((batch) =>
      sendBatch(
        context,
        batch.map(({ part }) => part),
        mode,
      ),
    ),
  );
  const someCameThrough = results.some((result) => result.status === 'fulfilled' || isUnknown(result.reason));
  results.forEach((result, place) => {
    if (result.status === 'rejected' && !(someCameThrough && result.reason instanceof SyncFailure)) {
      throw result.reason;
    }
    (batches[place] ?? []).forEach(({ index, id }, row) => {
      if (result.status === 'rejected') outcomes[index] = outcomeOfFailure(result.reason);
      else outcomes[index] = outcomeOfAnswer(context, resolved, id, result.value[row], kind);
    });
  });
}

function outcomeOfAnswer(
  context: DataverseContext,
  resolved: ResolvedSelection,
  id: DataverseId,
  answer: BatchAnswer | undefined,
  kind: WriteKind,
): Outcome {
  if (answer) return kind.outcome(context, resolved, id, answer);
  return { status: 'unknown', message: 'Dataverse gave no answer for this row.' };
}

function isUnknown(failure: unknown): boolean {
  return failure instanceof SyncFailure && failure.outcomeUnknown;
}

function outcomeOfFailure(failure: SyncFailure): Outcome {
  if (failure.outcomeUnknown) return { status: 'unknown', message: failure.message };
  return { status: 'refused', problem: problemOfFailure(failure) };
}

function problemOfFailure(failure: SyncFailure): ServiceProblem {
  const http = failure instanceof HttpFailure ? failure : null;
  return {
    kind: failure.kind,
    serviceCode: http?.serviceCode || failure.code,
    message: failure.message,
    status: http?.status ?? 0,
  };
}
