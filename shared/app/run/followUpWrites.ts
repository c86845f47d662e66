/** Sends follow-up writes, phase by phase and in bulk, and tells each record what became of its own. */
import type { BusinessCentralRecord, DataverseRow, FieldValues } from '../../domain/common/records.ts';
import { type FollowUpWrite, isOwn, targetOf } from '../../domain/sync/followUps.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import type { DoneAction } from './applyActions.ts';
import type { RunScope } from './runScope.ts';

type Stored = BusinessCentralRecord | DataverseRow;
type Refused = Extract<WriteOutcome<Stored>, { status: 'refused' }>;

/** A write that was carried out, with the record as stored after it. */
export interface Written {
  readonly write: FollowUpWrite;
  readonly stored: Stored;
}

/** One record's follow-ups on their way. */
export interface FollowUpWork {
  readonly end: DoneAction;
  readonly writes: readonly FollowUpWrite[];
  readonly written: Written[];
  /** `again`: another version, a lost answer or a clash; what is right has to be decided anew. */
  state: 'open' | 'again' | Refused;
}

/** A write and the records that asked for it. */
interface SharedWrite {
  readonly write: FollowUpWrite;
  readonly owners: FollowUpWork[];
}

/** Writes everything that is still open, the lowest phase first. */
export async function sendFollowUps(scope: RunScope, works: readonly FollowUpWork[]): Promise<void> {
  const phases = new Set(works.flatMap(({ writes }) => writes.map(({ phase }) => phase)));
  for (const phase of [...phases].toSorted((left, right) => left - right)) {
    const shared = sharedWrites(works, phase);
    await Promise.all([...groups(shared).values()].map((group) => sendGroup(scope, group)));
  }
}

/** One write per target: equal wishes are one write, a second different one waits for a look at what the first made. */
function sharedWrites(works: readonly FollowUpWork[], phase: number): readonly SharedWrite[] {
  const byTarget = new Map<string, SharedWrite>();
  for (const work of works) {
    for (const write of work.writes.filter((each) => each.phase === phase && isToSend(work, each))) {
      const known = byTarget.get(targetOf(write));
      if (!known) byTarget.set(targetOf(write), { write: current(work, write), owners: [work] });
      else if (known.write.kind === write.kind && isSameWish(known.write, write)) known.owners.push(work);
      else work.state = 'again';
    }
  }
  return [...byTarget.values()];
}

/** After a refusal only what takes back an earlier write of the same record is sent. */
function isToSend({ state, written }: FollowUpWork, write: FollowUpWrite): boolean {
  if (state === 'open') return true;
  const wasBegun = written.some((each) => targetOf(each.write) === targetOf(write));
  return write.kind === 'updateRow' && write.evenAfterRefusal === true && wasBegun;
}

function isSameWish(one: FollowUpWrite, other: FollowUpWrite): boolean {
  return JSON.stringify(one.values) === JSON.stringify(other.values);
}

/** A record written in an earlier phase is guarded by the version that write made. */
function current(work: FollowUpWork, write: FollowUpWrite): FollowUpWrite {
  const earlier = work.written.findLast((each) => targetOf(each.write) === targetOf(write))?.stored;
  if (!earlier || write.kind === 'createRow') return write;
  if (write.kind === 'updateRow') {
    return { ...write, row: { ...write.row, etag: (earlier as DataverseRow).etag } };
  }
  return { ...write, record: { ...write.record, etags: (earlier as BusinessCentralRecord).etags } };
}

function groups(shared: readonly SharedWrite[]): ReadonlyMap<string, readonly SharedWrite[]> {
  const byPort = new Map<string, SharedWrite[]>();
  for (const each of shared) {
    const { write } = each;
    const key = `${write.kind}|${write.kind === 'updateRecord' ? write.entitySet : write.table}`;
    const group = byPort.get(key);
    if (group) group.push(each);
    else byPort.set(key, [each]);
  }
  return byPort;
}

async function sendGroup(scope: RunScope, group: readonly SharedWrite[]): Promise<void> {
  const outcomes = await outcomesOf(scope, group);
  for (const [index, { write, owners }] of group.entries()) {
    const outcome = outcomes[index];
    for (const owner of owners) {
      if (outcome?.status === 'done') owner.written.push({ write, stored: outcome.record });
      else if (outcome?.status === 'refused') owner.state = owner.state === 'open' ? outcome : owner.state;
      else if (owner.state === 'open') owner.state = 'again';
    }
  }
}

function outcomesOf(
  scope: RunScope,
  group: readonly SharedWrite[],
): Promise<readonly WriteOutcome<Stored>[]> {
  const writes = group.map(({ write }) => write);
  const names = (values: object[]) => [...new Set(values.flatMap((each) => Object.keys(each)))];
  const { businessCentral, dataverse } = scope.ports;
  const [first] = writes;
  const attributes = names(writes.map(({ values }) => values));
  const creates = writes.filter((write) => write.kind === 'createRow');
  const rows = writes.filter((write) => write.kind === 'updateRow');
  const records = writes.filter((write) => write.kind === 'updateRecord');
  if (first?.kind === 'createRow') return dataverse.create({ table: first.table, attributes }, creates);
  if (first?.kind === 'updateRow') {
    const updates = rows.map(({ row, values }) => ({ id: row.id, etag: row.etag, values }));
    return dataverse.update({ table: first.table, attributes }, updates);
  }
  const { entitySet = '', route = 'v2.0' } = first ?? {};
  const selection = { entitySet, route, properties: attributes, companions: [] };
  return businessCentral.update(selection, records);
}

/** Values before and after, for every write to a record beside the own one. */
export function writesBeside(scope: RunScope, works: readonly FollowUpWork[]): readonly Written[] {
  const seen = new Set<Stored>();
  return works.flatMap(({ end, written }) =>
    written.filter(({ write, stored }) => {
      if (write.kind === 'createRow' || isOwn(scope.mapping, end, write) || seen.has(stored)) return false;
      return seen.add(stored);
    }),
  );
}

/** The values a write's record had when the write was decided on. */
export function valuesBefore(write: FollowUpWrite): FieldValues {
  if (write.kind === 'updateRow') return write.row.values;
  return write.kind === 'updateRecord' ? write.record.values : {};
}
