/** The port to Dataverse: one organisation's Web API, in terms of rows and batches. */
import type { DataverseId } from '../domain/common/ids.ts';
import type { DataverseRow, DataverseWriteValue, FieldValue } from '../domain/common/records.ts';
import type { TableRights } from '../domain/connection/tableRights.ts';
import type { OptionColumn } from '../domain/mappings/model.ts';
import type { OptionNumber } from '../domain/mappings/optionUses.ts';
import type { OptionValue } from '../domain/options/optionRow.ts';
import type { ColumnOptions, OptionWrite } from '../domain/options/optionWrites.ts';
import type { RequestMeter } from './requestMeter.ts';
import type { DeleteOutcome, WriteOutcome } from './writeOutcome.ts';

/** Which columns of which table to read. */
export interface DataverseSelection {
  /** Logical name, such as `account`; entity set and key are read from metadata. */
  readonly table: string;
  /** Logical names; key, modifiedon and modifiedby are always read where the table has them. */
  readonly attributes: readonly string[];
}

/**
 * One page of changes.
 *
 * `next` resumes after this page (null on the last); `end`, given on the last page only, is where the
 * next run begins. Both are opaque and may be stored.
 */
export interface DataverseChangePage {
  readonly rows: readonly DataverseRow[];
  /** Ids reported deleted by change tracking; unknown ids may be among them. */
  readonly deletedIds: readonly DataverseId[];
  readonly next: string | null;
  readonly end: string | null;
}

export interface DataverseChangesRequest {
  readonly selection: DataverseSelection;
  /** `end` of the last complete read, or `next` of the page before; null reads everything. */
  readonly position: string | null;
}

/** Metadata of one column, as far as synchronisation needs it. */
export interface DataverseAttribute {
  readonly logicalName: string;
  readonly type: string;
  readonly maxLength: number | null;
  readonly validForCreate: boolean;
  readonly validForUpdate: boolean;
  /** Navigation property to bind by target table; empty for columns that are no lookups. */
  readonly navigation: Readonly<Record<string, string>>;
}

export interface DataverseTableMetadata {
  readonly logicalName: string;
  readonly entitySet: string;
  readonly idAttribute: string;
  readonly nameAttribute: string;
  readonly changeTrackingEnabled: boolean;
  readonly attributes: Readonly<Record<string, DataverseAttribute>>;
}

export interface DataverseIdentity {
  readonly userId: DataverseId;
  readonly organizationId: DataverseId;
}

/** The row that stands for a Business Central company in Dataverse. */
export interface IntegrationCompany {
  readonly id: DataverseId;
  /** The team that owns what comes from the company; null when none is chosen. */
  readonly owningTeam: DataverseId | null;
}

/** A write that belongs to the creation of another row. */
export interface DataverseChange {
  readonly kind: 'create' | 'update';
  readonly table: string;
  readonly id: DataverseId;
  readonly values: Readonly<Record<string, DataverseWriteValue>>;
}

export interface DataverseInsert {
  /** Chosen by the caller, so that a repeated create cannot make a second row. */
  readonly id: DataverseId;
  readonly values: Readonly<Record<string, DataverseWriteValue>>;
  /**
   * Carried out in order after the row is there, in one transaction with it: all of it comes to be or nothing. Up to 999.
   * `exists` then tells of the row, or of a row among these that is there already.
   */
  readonly together?: readonly DataverseChange[];
}

export interface DataverseUpdate {
  readonly id: DataverseId;
  /** Of the row the decision was made on; the write is refused as `stale` when the row changed since. */
  readonly etag: string;
  readonly values: Readonly<Record<string, DataverseWriteValue>>;
}

/** An option to add; the service chooses the number where it is null. */
export type OptionInsert = Omit<OptionWrite, 'value'> & { readonly value: number | null };

/** Everything the use cases need of Dataverse. Safe to share between runs. */
export interface Dataverse {
  /** The same port, counting the requests it sends into `meter`. */
  metered(meter: RequestMeter): Dataverse;
  /** Who the app is in the organisation. Raises SyncFailure `connection-failed`. Cached. */
  whoAmI(): Promise<DataverseIdentity>;
  /** The currency of an ISO code; null when there is none. What is found is cached for a day. */
  currencyOfIsoCode(code: string): Promise<DataverseId | null>;
  /** Metadata of a table; raises SyncFailure `table-not-found` (config). Cached. */
  table(logicalName: string): Promise<DataverseTableMetadata>;
  /**
   * Reads the metadata of all these tables that is not cached, in one request, so that `table` answers without one.
   * Tables there are not are passed over. Safe to repeat.
   */
  prepareTables(logicalNames: readonly string[]): Promise<void>;
  /**
   * The numbers each column takes, of choices, states and statuses alike, in one request for those not cached; null where
   * the service does not tell: no such column, or one without options. Cached for a day.
   */
  optionNumbers(columns: readonly OptionColumn[]): Promise<readonly (readonly OptionNumber[] | null)[]>;
  /**
   * What the app's user may do with the rows of these tables, by its security roles; null where the service does not tell.
   * Tables there are not are passed over. Raises SyncFailure.
   */
  rightsOn(tables: readonly string[]): Promise<readonly TableRights[] | null>;
  /** The row of the Business Central company with this id; null when there is none. Found ones are cached. */
  integrationCompany(externalId: string): Promise<IntegrationCompany | null>;
  /** Makes users members of a team. Safe to repeat. Raises SyncFailure for the first user that is refused. */
  addToTeam(team: DataverseId, users: readonly DataverseId[]): Promise<void>;
  /**
   * One page of rows changed since a position: by change tracking where the table has it, else by modifiedon
   * with an overlap. Raises SyncFailure `change-tracking-expired` when the token is too old: read from null.
   */
  readChanges(request: DataverseChangesRequest): Promise<DataverseChangePage>;
  /** The rows of these ids that exist, in any order; few requests for many ids. */
  readByIds(selection: DataverseSelection, ids: readonly DataverseId[]): Promise<readonly DataverseRow[]>;
  /** The rows whose column equals one of the values (Dataverse compares text without regard to case). */
  readByValues(
    selection: DataverseSelection,
    attribute: string,
    values: readonly FieldValue[],
  ): Promise<readonly DataverseRow[]>;
  /** Rows that pass an OData filter, all pages. For small look-up tables. */
  readRows(selection: DataverseSelection, filter: string | null): Promise<readonly DataverseRow[]>;
  /** Creates rows under the given ids (`If-None-Match: *`), batched; one outcome each, in order. Safe to repeat. */
  create(
    selection: DataverseSelection,
    inserts: readonly DataverseInsert[],
  ): Promise<readonly WriteOutcome<DataverseRow>[]>;
  /** Updates rows guarded by their etags, batched; one outcome each, in order. */
  update(
    selection: DataverseSelection,
    updates: readonly DataverseUpdate[],
  ): Promise<readonly WriteOutcome<DataverseRow>[]>;
  /**
   * The options of each column as they are now, never from a cache, in one request; null for a column that does not
   * exist. Labels are those of the organisation's base language, in which options are written, too.
   */
  readOptions(columns: readonly OptionColumn[]): Promise<readonly (ColumnOptions | null)[]>;
  /**
   * Adds options, batched; one outcome each, in order. Never repeats an add whose outcome is unknown: with a number
   * chosen by the service the repetition would make a second option.
   */
  addOptions(inserts: readonly OptionInsert[]): Promise<readonly WriteOutcome<OptionValue>[]>;
  /** Gives options another label, batched; labels of other languages stay. One outcome each, in order. Safe to repeat. */
  renameOptions(writes: readonly OptionWrite[]): Promise<readonly WriteOutcome<OptionValue>[]>;
  /** Takes options away, batched; one outcome each, in order. One that is gone answers `missing`. Safe to repeat. */
  removeOptions(writes: readonly OptionWrite[]): Promise<readonly WriteOutcome<OptionValue>[]>;
  /** Makes changed options of these columns visible in forms. Raises SyncFailure. Safe to repeat. */
  publishOptions(targets: readonly OptionWrite['target'][]): Promise<void>;
  /** Closes sales orders as fulfilled, by the action for it (D-17), batched; one outcome each, in order. */
  fulfilOrders(ids: readonly DataverseId[]): Promise<readonly DeleteOutcome[]>;
  /** Deletes rows that still have their etag, batched; one outcome each, in order. Safe to repeat. */
  delete(
    table: string,
    rows: readonly Pick<DataverseRow, 'id' | 'etag'>[],
  ): Promise<readonly DeleteOutcome[]>;
}
