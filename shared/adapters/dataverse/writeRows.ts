/** Creates and updates rows in batches, one outcome each (dataverse-web-api sections 9, 10, 12). */
import { invariant } from '../../domain/common/failures.ts';
import type { DataverseId } from '../../domain/common/ids.ts';
import type { DataverseRow, DataverseWriteValue } from '../../domain/common/records.ts';
import type {
  DataverseChange,
  DataverseInsert,
  DataverseSelection,
  DataverseUpdate,
} from '../../ports/dataverse.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import { changesWith } from './changeSets.ts';
import type { DataverseContext } from './context.ts';
import type { BatchPart, BatchUnit } from './multipartBuilder.ts';
import type { BatchAnswer } from './multipartParser.ts';
import { writeHeaders } from './requestHeaders.ts';
import { type ResolvedSelection, resolveSelection } from './selection.ts';
import { sendWrites } from './sendWrites.ts';
import { entitySetsOf, prepareBody } from './writeBody.ts';
import { createOutcome, updateOutcome } from './writeOutcomes.ts';

type Outcome = WriteOutcome<DataverseRow>;

/** One row to write, of either kind. */
interface Write {
  readonly id: DataverseId;
  readonly values: Readonly<Record<string, DataverseWriteValue>>;
  readonly condition: Readonly<Record<string, string>>;
  /** What has to be written in one transaction with it. */
  readonly together?: readonly DataverseChange[];
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
  readonly part: BatchUnit;
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
  for (const [index, write] of writes.entries()) {
    const prepared = prepareBody(rules, write.values);
    const unit =
      prepared.status === 'refused'
        ? prepared
        : await changesWith(context, resolved, write, partOf(context, resolved, write, prepared.body));
    if ('status' in unit) outcomes[index] = unit;
    else sendable.push({ index, id: write.id, part: unit });
  }
  const results = await sendWrites(
    context,
    sendable.map(({ part }) => part),
    kind.idempotent,
    (answer, place) => outcomeOf(context, resolved, sendable[place], { answer, kind }),
  );
  sendable.forEach(({ index }, place) => {
    const result = results[place];
    if (result) outcomes[index] = result;
  });
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

function outcomeOf(
  context: DataverseContext,
  resolved: ResolvedSelection,
  sent: Sendable | undefined,
  { answer, kind }: { readonly answer: BatchAnswer; readonly kind: WriteKind },
): Outcome {
  invariant(sent !== undefined, 'each answer belongs to a row that was sent');
  return kind.outcome(context, resolved, sent.id, answer);
}
