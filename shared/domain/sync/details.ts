/** Details: rows of another table that come to be with a row, all together or not at all (E-110). */
import type { BusinessCentralId, DataverseId, MappingName } from '../common/ids.ts';
import type { DataverseWriteValue, LookupReference } from '../common/records.ts';
import { dataverseIdFor } from '../couplings/dataverseIdFor.ts';

type Values = Readonly<Record<string, DataverseWriteValue>>;

/** A row that belongs to another one. */
export interface DetailRow {
  readonly table: string;
  /** The column that refers to the row it belongs to. */
  readonly parent: string;
  /** The mapping it counts for, and the record it comes from: its key is made of them. */
  readonly mapping: MappingName;
  readonly source: BusinessCentralId;
  /** Number of the row within its parent. */
  readonly lineNumber: number;
  readonly values: Values;
  /** Values that can be written only once the row is there. */
  readonly later: Values;
}

/** A row that has to be there before the record is written, under a key that is always the same. */
export interface PreparedRow {
  readonly phase: number;
  readonly table: string;
  readonly id: DataverseId;
  readonly values: Values;
}

/** The most details that are sent in one transaction with their row: a batch takes 1,000 requests (dataverse-web-api section 12). */
export const mostDetails = 450;

/** The key of a detail: always the same under the same parent, so that a repeat makes no second one (P2). */
export function detailId(
  companyId: string,
  { mapping, source }: DetailRow,
  parent: LookupReference,
): DataverseId {
  return dataverseIdFor(companyId, mapping, source, parent.id);
}

/** What is sent to make a detail. */
export function detailValues(detail: DetailRow, parent: LookupReference): Values {
  return { ...detail.values, [detail.parent]: parent };
}
