/** The company stamp: rows of Sales tell which Business Central company they belong to (E-88), and get an owner (E-70). */
import type { DataverseId } from '../common/ids.ts';
import type { DataverseRow, DataverseWriteValue } from '../common/records.ts';

/** The lookup column that carries the stamp, and the table it points at (dataverse-web-api section 18). */
export const companyColumn = 'bcbi_companyid';
export const companyTable = 'bcbi_company';
/** The column of the owner. */
export const ownerColumn = 'ownerid';

/** What new and changed rows of one table are stamped with. */
export interface CompanyStamp {
  /** The row of our company; null where the table has no such column, so that nothing is stamped and nothing filtered. */
  readonly company: DataverseId | null;
  /** The team that owns new rows without another owner (E-70, E-71); null where there is none. */
  readonly owningTeam: DataverseId | null;
}

/** A stamp that changes nothing. */
export const noStamp: CompanyStamp = { company: null, owningTeam: null };

type Values = Readonly<Record<string, DataverseWriteValue>>;

/** Our company, as values of a write. */
export function companyValues({ company }: CompanyStamp): Values {
  return company === null ? {} : { [companyColumn]: { table: companyTable, id: company } };
}

/** What a new row gets beside its mapped values: our company, and the team as its owner when it has no other (E-70, E-71, E-88). */
export function stampedInsert(stamp: CompanyStamp, values: Values): Values {
  const hasOwner = (values[ownerColumn] ?? null) !== null;
  const owner: Values =
    stamp.owningTeam === null || hasOwner ? {} : { [ownerColumn]: { table: 'team', id: stamp.owningTeam } };
  return { ...companyValues(stamp), ...values, ...owner };
}

/** Whether a row is ours: it carries our company, or none (E-88, E-95). Rows read without the column count as ours. */
export function belongsToUs({ company }: CompanyStamp, row: DataverseRow): boolean {
  if (company === null) return true;
  const theirs = row.values[companyColumn] ?? null;
  return theirs === null || theirs === company;
}
