/** Rows of one entity set: from JSON to checked values, without letting one bad row spoil a page (P11). */
import { z } from 'zod';
import { type BusinessCentralId, businessCentralId } from '../../domain/common/ids.ts';
import { type Instant, instant } from '../../domain/common/instants.ts';
import type { FieldValues } from '../../domain/common/records.ts';
import type { BusinessCentralRoute } from '../../domain/mappings/model.ts';
import type { Client } from './client.ts';
import { readValues } from './values.ts';

/** A set with the properties to read of it. */
export interface SetSelection {
  readonly entitySet: string;
  readonly route: BusinessCentralRoute;
  readonly properties: readonly string[];
}

/** One row of one set. */
export interface SetRow {
  readonly id: BusinessCentralId;
  readonly etag: string;
  readonly modifiedAt: Instant;
  /** Keyed by property. */
  readonly values: FieldValues;
}

const rowShape = z.looseObject({
  '@odata.etag': z.string().min(1),
  id: z.guid(),
  lastModifiedDateTime: z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'is no date-time'),
});

/** Lines of documents: rows without a modification time, shown for one document or one id at a time (D-29). */
const lineSets: ReadonlySet<string> = new Set(['salesOrderLines', 'salesQuoteLines', 'salesInvoiceLines']);

/** Whether the set shows lines of documents. */
export function isLineSet(entitySet: string): boolean {
  return lineSets.has(entitySet);
}

/** What lines count as modified at: they are read with their document, whose time tells. */
const neverModified = '1970-01-01T00:00:00Z';

/** Names to select: the identity of a row first, then the properties in the given order. */
export function selectedNames({
  entitySet,
  properties,
}: Pick<SetSelection, 'entitySet' | 'properties'>): readonly string[] {
  return isLineSet(entitySet) ? ['id', ...properties] : ['id', 'lastModifiedDateTime', ...properties];
}

/** Reads one row; an unreadable one gives null and a warning that names the set and the problem, not the data. */
export function readSetRow(client: Client, set: SetSelection, row: unknown): SetRow | null {
  const timed = isLineSet(set.entitySet) ? { lastModifiedDateTime: neverModified, ...Object(row) } : row;
  const parsed = rowShape.safeParse(timed);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    client.log('warning', 'record-unreadable', { entitySet: set.entitySet, problems });
    return null;
  }
  return {
    id: businessCentralId(parsed.data.id),
    etag: parsed.data['@odata.etag'],
    modifiedAt: instant(parsed.data.lastModifiedDateTime),
    values: readValues(parsed.data, set.properties),
  };
}

/** The readable ones among these rows, in order. */
export function readSetRows(client: Client, set: SetSelection, rows: readonly unknown[]): readonly SetRow[] {
  return rows.map((row) => readSetRow(client, set, row)).filter((row) => row !== null);
}
