/** Follow-ups: what is read and written beside a record once the record itself is written (E-43, "after insert"). */
import type { DataverseId } from '../common/ids.ts';
import type {
  BusinessCentralRecord,
  DataverseRow,
  DataverseWriteValue,
  FieldValue,
  FieldValues,
} from '../common/records.ts';
import type { BusinessCentralRoute, TableMapping } from '../mappings/model.ts';
import type { PlannedAction } from './planTypes.ts';
import type { RecordProblem } from './problems.ts';
import { canonicalText } from './values.ts';

/** A record and its counterpart as they are after the page's writes. */
export interface DoneRecord {
  readonly kind: PlannedAction['kind'];
  readonly action: PlannedAction;
  readonly businessCentral: BusinessCentralRecord;
  readonly dataverse: DataverseRow;
}

/** What to search by when a related record is known by its id. */
export const byId = 'id';

/**
 * Related records to read: those whose column or property has the value. `attribute` and `property` may be `id`. The
 * shell asks for all of one kind in few requests.
 */
export type RelatedRead =
  | {
      readonly side: 'dataverse';
      readonly table: string;
      readonly attributes: readonly string[];
      readonly attribute: string;
      readonly value: FieldValue;
    }
  | {
      readonly side: 'businessCentral';
      readonly entitySet: string;
      readonly route: BusinessCentralRoute;
      readonly properties: readonly string[];
      readonly property: string;
      readonly value: string;
    };

/**
 * A write beside the record. Lower phases are finished before higher ones begin; a record whose write failed gets no
 * further one. `createRow` carries an id that is always the same for the same purpose, so that a repeat makes no second
 * row. An update carries the record the decision was made on, and only the values that differ from it.
 */
export type FollowUpWrite = { readonly phase: number } & (
  | {
      readonly kind: 'createRow';
      readonly table: string;
      readonly id: DataverseId;
      readonly values: Readonly<Record<string, DataverseWriteValue>>;
    }
  | {
      readonly kind: 'updateRow';
      readonly table: string;
      readonly row: DataverseRow;
      readonly values: Readonly<Record<string, DataverseWriteValue>>;
      /** Sent although an earlier write of the record was refused, to take back what led up to it. */
      readonly evenAfterRefusal?: boolean;
    }
  | {
      readonly kind: 'updateRecord';
      readonly entitySet: string;
      readonly route: BusinessCentralRoute;
      readonly record: BusinessCentralRecord;
      readonly values: FieldValues;
    }
);

/** What a rule decides after a record is written; it decides the same again when nothing has changed since. */
export type FollowUpOutcome =
  | { readonly kind: 'writes'; readonly writes: readonly FollowUpWrite[] }
  | { readonly kind: 'problem'; readonly problem: RecordProblem };

/** An outcome that writes nothing. */
export const noFollowUps: FollowUpOutcome = { kind: 'writes', writes: [] };

/** The text reads share that can be asked for together. */
export function readGroup(read: RelatedRead): string {
  return read.side === 'dataverse'
    ? JSON.stringify([read.side, read.table, read.attribute, read.attributes])
    : JSON.stringify([read.side, read.entitySet, read.route, read.property, read.properties]);
}

type Grouped<Entry> = ReadonlyMap<string, readonly Entry[]>;

function together<Entry extends { readonly id: string }>(
  one: Grouped<Entry>,
  other: Grouped<Entry>,
): Grouped<Entry> {
  const all = new Map(one);
  for (const [key, entries] of other) {
    const known = all.get(key) ?? [];
    const ids = new Set(known.map(({ id }) => id));
    all.set(key, [...known, ...entries.filter(({ id }) => !ids.has(id))]);
  }
  return all;
}

/** Answers to related reads, by group. */
export class RelatedRecords {
  readonly #rows: ReadonlyMap<string, readonly DataverseRow[]>;
  readonly #records: ReadonlyMap<string, readonly BusinessCentralRecord[]>;

  constructor(
    rows: ReadonlyMap<string, readonly DataverseRow[]>,
    records: ReadonlyMap<string, readonly BusinessCentralRecord[]>,
  ) {
    this.#rows = rows;
    this.#records = records;
  }

  /** These answers with those of another set of reads. */
  with(other: RelatedRecords): RelatedRecords {
    return new RelatedRecords(together(this.#rows, other.#rows), together(this.#records, other.#records));
  }

  /** The rows a read asked for; none when nobody asked. */
  rows(read: Extract<RelatedRead, { side: 'dataverse' }>): readonly DataverseRow[] {
    const wanted = comparable(read.value);
    return (this.#rows.get(readGroup(read)) ?? []).filter(
      (row) => comparable(read.attribute === byId ? row.id : row.values[read.attribute]) === wanted,
    );
  }

  /** The records a read asked for; none when nobody asked. */
  records(read: Extract<RelatedRead, { side: 'businessCentral' }>): readonly BusinessCentralRecord[] {
    const wanted = comparable(read.value);
    return (this.#records.get(readGroup(read)) ?? []).filter(
      (record) => comparable(read.property === byId ? record.id : record.values[read.property]) === wanted,
    );
  }
}

/** Nothing was asked for. */
export const noRelated = new RelatedRecords(new Map(), new Map());

function comparable(value: FieldValue | undefined): string {
  return canonicalText(value).toLowerCase();
}

/** Whether a write goes to the record itself and not to one beside it. */
export function isOwn(mapping: TableMapping, done: DoneRecord, write: FollowUpWrite): boolean {
  switch (write.kind) {
    case 'createRow':
      return false;
    case 'updateRow':
      return write.table === mapping.dataverse.table && write.row.id === done.dataverse.id;
    case 'updateRecord':
      return isSetOf(mapping, write.entitySet) && write.record.id === done.businessCentral.id;
  }
}

function isSetOf({ businessCentral }: TableMapping, entitySet: string): boolean {
  return businessCentral.entitySet === entitySet || businessCentral.companions.includes(entitySet);
}

/**
 * The record with what a follow-up stored in it, and only that: another's edit made since must not pass for what both
 * sides agreed on (P1).
 */
export function withStored(
  mapping: TableMapping,
  done: DoneRecord,
  write: FollowUpWrite,
  stored: DataverseRow | BusinessCentralRecord,
): Pick<DoneRecord, 'businessCentral' | 'dataverse'> {
  const { businessCentral, dataverse } = done;
  if (!isOwn(mapping, done, write)) return { businessCentral, dataverse };
  if (write.kind === 'updateRecord') {
    const { entitySet, values } = write;
    const keyOf = (property: string) =>
      entitySet === mapping.businessCentral.entitySet ? property : `${entitySet}/${property}`;
    const kept = Object.keys(values).map((property) => [keyOf(property), stored.values[property] ?? null]);
    const merged = { ...businessCentral.values, ...Object.fromEntries(kept) };
    return { dataverse, businessCentral: { ...businessCentral, values: merged } };
  }
  const kept = Object.keys(write.values).map((attribute) => [attribute, stored.values[attribute] ?? null]);
  const values = { ...dataverse.values, ...Object.fromEntries(kept) };
  return { businessCentral, dataverse: { ...dataverse, values } };
}

/** The record a write goes to, as text; two writes of one phase with the same target are one write or a clash. */
export function targetOf(write: FollowUpWrite): string {
  switch (write.kind) {
    case 'createRow':
      return `${write.table}|${write.id}`;
    case 'updateRow':
      return `${write.table}|${write.row.id}`;
    case 'updateRecord':
      return `${write.entitySet}|${write.record.id}`;
  }
}
