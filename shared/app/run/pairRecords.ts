/** Stage 2 of a pass: finds each candidate's coupling and counterpart, and sets aside what needs no work. */
import { type PassDirection, sourceSide } from '../../domain/common/directions.ts';
import { SyncFailure } from '../../domain/common/failures.ts';
import {
  type BusinessCentralId,
  businessCentralId,
  type DataverseId,
  dataverseId,
} from '../../domain/common/ids.ts';
import type { BusinessCentralRecord, DataverseRow, FieldValue } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { isNameBased } from '../../domain/couplings/dataverseIdFor.ts';
import type { RetryRecord } from '../../domain/logs/retryRecord.ts';
import { fieldsOfPass, type TableMapping } from '../../domain/mappings/model.ts';
import { sourceChanged } from '../../domain/sync/changed.ts';
import { belongsToUs } from '../../domain/sync/companyStamp.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import type { PlannedAction, RecordPair } from '../../domain/sync/planTypes.ts';
import { passesBusinessCentral, passesDataverse } from '../../domain/sync/recordFilter.ts';
import { type SetAsideEnd, setAsideAction } from '../../domain/sync/setAside.ts';
import type { CandidatePage, SourceRecord } from './candidates.ts';
import { withOrderProgress } from './orderFacts.ts';
import type { RunScope } from './runScope.ts';

export interface PairedPage {
  /** Coupled and changed; the counterpart is null when it no longer exists. */
  readonly changed: readonly RecordPair[];
  /** Not coupled, and allowed to get a counterpart. */
  readonly uncoupled: readonly RecordPair[];
  readonly unchanged: number;
  /** Those of the unchanged whose headers' lines are synchronised all the same (E-105); empty for other mappings. */
  readonly unchangedHeaders: readonly SourceRecord[];
  /** Skipped earlier and waiting for a user (E-25). */
  readonly skipped: number;
  /** The page's facts, with those that only coupled records need. */
  readonly context: RuleContext;
  /** The same unchanged and skipped records as actions, which a plan lists; empty unless it is a dry run. */
  readonly setAside: readonly PlannedAction[];
}

/** Sorts a page's records. Dropped ones (filter, rule, only-coupled, own writes) appear in no counter (E-19, E-20). */
export async function pairRecords(
  scope: RunScope,
  pass: PassDirection,
  page: CandidatePage,
  given: RuleContext,
): Promise<PairedPage> {
  const records = page.records.filter((record) =>
    isCandidate(scope, pass, record, page.ignoresFilter, given),
  );
  if (records.length > 0) requireFields(scope.mapping, pass);
  const couplings = await couplingsOf(scope, pass, records);
  const mayInsert = !scope.request.onlyCoupled && !scope.rule.neverInserts.includes(pass);
  const relevant = records.filter(({ id }) => couplings.has(id) || mayInsert);
  const context = await withOrderProgress(scope, pass, relevant, given);
  const changed: RecordPair[] = [];
  const uncoupled: RecordPair[] = [];
  const unchangedHeaders: SourceRecord[] = [];
  const setAside: PlannedAction[] = [];
  const list = (record: SourceRecord, coupling: Coupling | null, end: SetAsideEnd) => {
    if (scope.request.dryRun)
      setAside.push(setAsideAction(scope.mapping, pass, pairOf(pass, record, coupling), end));
  };
  let unchanged = 0;
  let skipped = 0;
  for (const record of records) {
    const coupling = couplings.get(record.id) ?? null;
    if (coupling?.archive !== undefined) continue;
    const failedBefore = page.retries.get(record.id);
    const waits = coupling ? coupling.state === 'skipped' : isStillSkipped(record, failedBefore);
    if (waits && !scope.request.liftsSkip) {
      skipped += 1;
      list(record, coupling, 'skipped');
    } else if (!coupling) {
      if (mayCreate(scope, pass, record, failedBefore !== undefined))
        uncoupled.push(pairOf(pass, record, null));
    } else if (hasChanged(scope, pass, record, coupling, context))
      changed.push(pairOf(pass, record, coupling));
    else {
      const isOwn = isOwnWrite(scope, pass, record);
      if (!isOwn) {
        unchanged += 1;
        list(record, coupling, 'unchanged');
      }
      // The header may be ours and its lines a user's.
      if (scope.rule.lines && (!isOwn || scope.rule.lines.parent)) unchangedHeaders.push(record);
    }
  }
  const paired = await withCounterparts(scope, pass, changed);
  return { changed: paired, uncoupled, unchanged, unchangedHeaders, skipped, setAside, context };
}

/** Raises SyncFailure `no-field-mappings`: without a field nothing could be compared, and new records would be empty (E-64). */
function requireFields(mapping: TableMapping, pass: PassDirection): void {
  if (fieldsOfPass(mapping, pass).length > 0) return;
  const target = pass === 'toDataverse' ? 'Sales' : 'Business Central';
  throw new SyncFailure({
    kind: 'config',
    code: 'no-field-mappings',
    message: `The table mapping ${mapping.name} has no enabled field mapping to ${target}.`,
    suggestion: 'Enable a field mapping in that direction, or change the direction of the table mapping.',
  });
}

/** An uncoupled record that kept failing is tried again once somebody changed it. */
function isStillSkipped(record: SourceRecord, failedBefore: RetryRecord | undefined): boolean {
  return failedBefore?.skipped === true && record.modifiedAt <= failedBefore.modifiedAt;
}

function isCandidate(
  scope: RunScope,
  pass: PassDirection,
  record: SourceRecord,
  ignoresFilter: boolean,
  context: RuleContext,
): boolean {
  if (!scope.rule.isCandidate(pass, record, context)) return false;
  if (pass === 'toBusinessCentral' && !belongsToUs(context.stamp, record as DataverseRow)) return false;
  if (ignoresFilter) return true;
  return pass === 'toDataverse'
    ? passesBusinessCentral(scope.filters.businessCentral, record as BusinessCentralRecord)
    : passesDataverse(scope.filters.dataverse, record as DataverseRow);
}

async function couplingsOf(
  { ports, mapping, state }: RunScope,
  pass: PassDirection,
  records: readonly SourceRecord[],
): Promise<ReadonlyMap<string, Coupling>> {
  if (records.length === 0) return new Map();
  const ids = records.map((record) => record.id);
  if (pass === 'toDataverse') {
    const found = await ports.couplings.byBusinessCentralIds(
      mapping.name,
      ids as readonly BusinessCentralId[],
      state.coupledCount,
    );
    return new Map(found.map((coupling) => [coupling.businessCentralId, coupling]));
  }
  const found = await ports.couplings.byDataverseIds(
    mapping.name,
    ids as readonly DataverseId[],
    state.coupledCount,
  );
  return new Map(found.map((coupling) => [coupling.dataverseId, coupling]));
}

/**
 * A row that this program created has its origin in Business Central: when its coupling is missing (crash before it
 * was recorded) the pass to Dataverse finds it by its id; creating a record from it would double the origin (P2).
 * Other rows of the same user, such as those of an import, have ids of another kind. A user may ask for a record (E-113).
 */
function mayCreate(
  scope: RunScope,
  pass: PassDirection,
  record: SourceRecord,
  failedBefore: boolean,
): boolean {
  if (scope.rule.neverInserts.includes(pass)) return false;
  if (scope.request.onlyCoupled && !failedBefore) return false;
  if (pass === 'toDataverse' || scope.mapping.direction !== 'both') return true;
  if (scope.request.manner === 'createNew') return true;
  return !(isNameBased(dataverseId(record.id)) && record.values['createdby'] === scope.identity.userId);
}

/** Rows last written by this program are not counted in a bidirectional mapping when nothing changed (E-16). */
export function isOwnWrite(scope: RunScope, pass: PassDirection, record: SourceRecord): boolean {
  if (pass === 'toDataverse' || scope.mapping.direction !== 'both') return false;
  return (record as DataverseRow).modifiedBy === scope.identity.userId;
}

function hasChanged(
  scope: RunScope,
  pass: PassDirection,
  record: SourceRecord,
  coupling: Coupling,
  context: RuleContext,
): boolean {
  if (scope.request.manner !== 'judge' || scope.request.assumeChanged) return true;
  const ruleInputs: Readonly<Record<string, FieldValue>> = scope.rule.inputs(pass, record, context);
  const { mapping, digest, request } = scope;
  const triesUnsent = request.fromScratch || request.chosen !== null;
  const { values } = record;
  return sourceChanged({ mapping, pass, values, ruleInputs, coupling, digest, triesUnsent });
}

function pairOf(pass: PassDirection, record: SourceRecord, coupling: Coupling | null): RecordPair {
  return sourceSide(pass) === 'businessCentral'
    ? { businessCentral: record as BusinessCentralRecord, dataverse: null, coupling }
    : { businessCentral: null, dataverse: record as DataverseRow, coupling };
}

/** Reads the other side of coupled pairs, in bulk. */
async function withCounterparts(
  scope: RunScope,
  pass: PassDirection,
  pairs: readonly RecordPair[],
): Promise<readonly RecordPair[]> {
  if (pairs.length === 0) return [];
  const { ports, selections } = scope;
  if (pass === 'toDataverse') {
    const ids = pairs.flatMap(({ coupling }) => (coupling ? [dataverseId(coupling.dataverseId)] : []));
    const rows = await ports.dataverse.readByIds(selections.dataverse, ids);
    const byId = new Map<string, DataverseRow>(rows.map((row) => [row.id, row]));
    return pairs.map((pair) => ({ ...pair, dataverse: byId.get(pair.coupling?.dataverseId ?? '') ?? null }));
  }
  const ids = pairs.flatMap(({ coupling }) =>
    coupling ? [businessCentralId(coupling.businessCentralId)] : [],
  );
  const records = await ports.businessCentral.readByIds(selections.businessCentral, ids);
  const byId = new Map<string, BusinessCentralRecord>(records.map((record) => [record.id, record]));
  return pairs.map((pair) => ({
    ...pair,
    businessCentral: byId.get(pair.coupling?.businessCentralId ?? '') ?? null,
  }));
}
