/** The port to Business Central: one company's API, in terms of records and batches. */
import type { BusinessCentralId } from '../domain/common/ids.ts';
import type { Instant } from '../domain/common/instants.ts';
import type { BusinessCentralRecord, FieldValue, FieldValues } from '../domain/common/records.ts';
import type { BusinessCentralRoute } from '../domain/mappings/model.ts';
import type { RequestMeter } from './requestMeter.ts';
import type { DeleteOutcome, WriteOutcome } from './writeOutcome.ts';

/** Which properties of which set to read or write. */
export interface BusinessCentralSelection {
  readonly entitySet: string;
  readonly route: BusinessCentralRoute;
  /** Properties of the main set; `id` and `lastModifiedDateTime` are always read. */
  readonly properties: readonly string[];
  /** Companion sets (companion route, same ids) with the properties to read of each. */
  readonly companions: readonly { readonly entitySet: string; readonly properties: readonly string[] }[];
}

export interface BusinessCentralPage {
  /** Ordered by modification time. Records without a companion row lack that companion's values. */
  readonly records: readonly BusinessCentralRecord[];
  /** Opaque position of the next page; null on the last. */
  readonly next: string | null;
}

export interface BusinessCentralChangesRequest {
  readonly selection: BusinessCentralSelection;
  /** Inclusive lower bound of `lastModifiedDateTime`; null reads everything. */
  readonly modifiedFrom: Instant | null;
  /** `next` of the page before; null for the first page. */
  readonly cursor: string | null;
}

export interface BusinessCentralInsert {
  /** Keyed like {@link BusinessCentralRecord.values}; companion values are written after the create. */
  readonly values: FieldValues;
  /** Rows nested under a navigation name: they are created with the record, or nothing is (D-31). Properties keep their order. */
  readonly children?: { readonly navigation: string; readonly rows: readonly FieldValues[] };
}

/** A line of a document; lines have no modification time of their own. */
export interface DocumentLine {
  readonly id: string;
  readonly documentId: string;
  readonly etag: string;
  readonly values: FieldValues;
}

/** What to do about a line; properties are assigned in their order. */
export type DocumentLineWrite =
  | { readonly kind: 'create'; readonly documentId: string; readonly values: FieldValues }
  | { readonly kind: 'update'; readonly id: string; readonly etag: string; readonly values: FieldValues };

/** A document that is written anew: values for its header, and lines in the place of those it has (D-117). */
export interface DocumentRewrite {
  /** As read; its etag guards the first write, and the transaction all others. */
  readonly record: BusinessCentralRecord;
  /** Only the values of the header to change; may be empty. */
  readonly values: FieldValues;
  readonly removedLines: readonly DocumentLine[];
  /** In the order in which they are created. */
  readonly lines: readonly FieldValues[];
  /** Whether the old lines go before the header is written, as another customer needs it. */
  readonly linesFirst: boolean;
}

export interface BusinessCentralUpdate {
  /** The record as read; its etags guard the write, its values guard companion writes. */
  readonly record: BusinessCentralRecord;
  /** Only the values to change. */
  readonly values: FieldValues;
}

export interface BusinessCentralCompany {
  readonly id: string;
  readonly name: string;
}

/** A bound action of a set, such as `release` of salesOrderExtras. */
export interface BusinessCentralAction {
  readonly entitySet: string;
  readonly route: BusinessCentralRoute;
  readonly action: string;
}

/** Everything the use cases need of Business Central. Safe to share between runs. */
export interface BusinessCentral {
  /** The same port, counting the requests it sends into `meter`. */
  metered(meter: RequestMeter): BusinessCentral;
  /** The configured company. Raises SyncFailure `connection-failed` or a config failure. Cached. */
  company(): Promise<BusinessCentralCompany>;
  /** Whether the companion app's API answers in this company. Cached. */
  hasCompanionApp(): Promise<boolean>;
  /** The code that a blank currency stands for, upper-case; '' when the setup names none. Cached for a day. */
  localCurrencyCode(): Promise<string>;
  /** Whether the companion app has this entity set; an older version may lack some. Cached. */
  hasCompanionSet(entitySet: string): Promise<boolean>;
  /** Properties that a set of the companion app shows; none when it is missing or empty. Cached. */
  companionProperties(entitySet: string): Promise<ReadonlySet<string>>;
  /** Properties that a standard set has in this version of the service; none when it is not offered. Cached. */
  standardProperties(entitySet: string): Promise<ReadonlySet<string>>;
  /** One page of records changed since an instant; companions are read for the page's ids in one batch. */
  readChanges(request: BusinessCentralChangesRequest): Promise<BusinessCentralPage>;
  /** The records of these ids that exist, in any order; one batch for up to 5,000 ids. */
  readByIds(
    selection: BusinessCentralSelection,
    ids: readonly BusinessCentralId[],
  ): Promise<readonly BusinessCentralRecord[]>;
  /**
   * Those of these ids whose record answers when it is asked for by itself, in a batch per hundred: an answer that there is none
   * is another thing than a filter that does not find it. Raises SyncFailure for any other answer.
   */
  existing(
    set: Pick<BusinessCentralSelection, 'entitySet' | 'route'>,
    ids: readonly BusinessCentralId[],
  ): Promise<ReadonlySet<BusinessCentralId>>;
  /** The records whose property equals one of the values; the property must be a table field of the main set. */
  readByValues(
    selection: BusinessCentralSelection,
    property: string,
    values: readonly string[],
  ): Promise<readonly BusinessCentralRecord[]>;
  /** Rows of any set as plain objects, with an optional OData filter, all pages. For small look-up sets. */
  readRows(request: {
    readonly entitySet: string;
    readonly route: BusinessCentralRoute;
    readonly select: readonly string[];
    readonly filter?: string;
  }): Promise<readonly Readonly<Record<string, FieldValue>>[]>;
  /** Rows of a set for each of several OData filters, in one batch per 100 filters; duplicates are kept. */
  readRowsByFilters(request: {
    readonly entitySet: string;
    readonly route: BusinessCentralRoute;
    readonly select: readonly string[];
    readonly filters: readonly string[];
  }): Promise<readonly Readonly<Record<string, FieldValue>>[]>;
  /** The lines of these documents, which can be read only through their documents (D-29); a batch per 100 documents. */
  readLines(request: {
    readonly entitySet: string;
    readonly properties: readonly string[];
    readonly documentIds: readonly string[];
  }): Promise<readonly DocumentLine[]>;
  /** Writes lines of documents in order, batched, updates guarded by the etags read; one outcome each. */
  writeLines(entitySet: string, writes: readonly DocumentLineWrite[]): Promise<readonly WriteOutcome<null>[]>;
  /**
   * Rewrites documents, each in one transaction of its own as long as its operations fit into a batch; a longer one is
   * written in several, in order. One outcome each. Safe to repeat with the document and the lines as they are then.
   */
  rewriteDocuments(
    selection: BusinessCentralSelection,
    lineEntitySet: string,
    rewrites: readonly DocumentRewrite[],
  ): Promise<readonly WriteOutcome<null>[]>;
  /** Creates in order, batched, one outcome each. Never repeats a create whose outcome is unknown. */
  create(
    selection: BusinessCentralSelection,
    inserts: readonly BusinessCentralInsert[],
  ): Promise<readonly WriteOutcome<BusinessCentralRecord>[]>;
  /** Updates, batched, each guarded by the etags read; one outcome each, in order. */
  update(
    selection: BusinessCentralSelection,
    updates: readonly BusinessCentralUpdate[],
  ): Promise<readonly WriteOutcome<BusinessCentralRecord>[]>;
  /** Carries an action out on records, batched; one outcome each, in order. Never repeats one whose outcome is unknown. */
  act(action: BusinessCentralAction, ids: readonly BusinessCentralId[]): Promise<readonly DeleteOutcome[]>;
  /** Deletes records whose main set still has the etag read, batched; one outcome each, in order. Safe to repeat. */
  delete(
    selection: BusinessCentralSelection,
    records: readonly BusinessCentralRecord[],
  ): Promise<readonly DeleteOutcome[]>;
}
