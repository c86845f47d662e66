/** How records are named to people: number and name, not only an id. */
import type { BusinessCentralRecord, DataverseRow } from '../common/records.ts';
import type { TableMapping } from '../mappings/model.ts';
import { canonicalText } from './values.ts';

/** `10000 Adatum Corporation`, or the number alone where it is the name, too; the id when it has neither. */
export function businessCentralName(mapping: TableMapping, record: BusinessCentralRecord): string {
  const { keyProperty, nameProperty } = mapping.businessCentral;
  const parts = [...new Set([keyProperty, nameProperty])].map((name) => canonicalText(record.values[name]));
  return parts.filter((part) => part !== '').join(' ') || record.id;
}

/** The row's name; the id when it has none. */
export function dataverseName(mapping: TableMapping, row: DataverseRow): string {
  return canonicalText(row.values[mapping.dataverse.nameAttribute]) || row.id;
}
