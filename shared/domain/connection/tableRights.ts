/** What the app may do with tables of Dataverse, and what it has to be allowed (docs/install.md, documents D-152). */

import type { CodeJobName } from '../jobs/codeJobs.ts';

/** What can be allowed on a table, as the service names it. */
export const accessRights = ['Create', 'Read', 'Write', 'Delete', 'Append', 'AppendTo', 'Assign'] as const;
/** One of {@link accessRights}. */
export type AccessRight = (typeof accessRights)[number];

/** How far a right reaches: the user's own rows, its business unit, the units below, the whole organisation. */
export const privilegeDepths = ['Basic', 'Local', 'Deep', 'Global'] as const;
/** One of {@link privilegeDepths}. */
export type PrivilegeDepth = (typeof privilegeDepths)[number];

/** The rights a table knows; null = the user does not have it. */
export interface TableRights {
  readonly table: string;
  readonly rights: Readonly<Partial<Record<AccessRight, PrivilegeDepth | null>>>;
}

const everything = ['Read', 'Create', 'Write', 'Append', 'AppendTo', 'Assign'] as const;

/**
 * Rights without which something is refused. Deleting is not among them: a refusal there is an error of one record, and
 * whether a mapping deletes is the administrator's choice. A right a table does not know is not needed.
 */
const needed: Readonly<Record<string, readonly AccessRight[]>> = {
  account: everything,
  contact: everything,
  opportunity: everything,
  product: everything,
  productpricelevel: everything,
  pricelevel: everything,
  uomschedule: everything,
  uom: everything,
  transactioncurrency: everything,
  salesorder: everything,
  salesorderdetail: everything,
  invoice: everything,
  invoicedetail: everything,
  quote: ['Read'],
  quotedetail: ['Read'],
  annotation: ['Read', 'Create', 'Write', 'Append', 'AppendTo'],
  post: ['Read', 'Create'],
  nav_accountstatistics: everything,
  bcbi_company: ['Read', 'Create', 'Append', 'AppendTo'],
  systemuser: ['Read', 'Append', 'AppendTo'],
  team: ['Read', 'Append', 'AppendTo'],
  organization: ['Read'],
  role: ['Read'],
};

/** Tables that are read or written whatever is synchronised. */
const always = ['transactioncurrency', 'bcbi_company', 'systemuser', 'team', 'organization', 'role'] as const;

/** Tables beside that of a mapping. */
const besides: Readonly<Record<string, readonly string[]>> = {
  product: ['productpricelevel', 'pricelevel', 'uomschedule', 'uom'],
  salesorder: ['salesorderdetail', 'product', 'post'],
  invoice: ['invoicedetail', 'product', 'pricelevel', 'productpricelevel', 'uomschedule', 'uom'],
};

/** Tables of jobs without a mapping. */
const byJob: Readonly<Record<CodeJobName, readonly string[]>> = {
  'AUTO PROCESS SALES QUOTES': ['quote', 'quotedetail', 'product', 'account', 'contact'],
  'AUTO CREATE SALES ORDERS': ['salesorder', 'salesorderdetail', 'product', 'account', 'contact'],
  'SALES ORDER NOTES': ['salesorder', 'annotation'],
  'SALES ORDER STATUS': ['salesorder', 'post'],
  'ARCHIVED SALES ORDERS': ['salesorder'],
  'CUSTOMER STATISTICS': ['account', 'nav_accountstatistics'],
  'ITEM AVAILABILITY': ['product'],
};

/** Every table the app may use, with what it needs there. */
export function rightsByTable(): Readonly<Record<string, readonly AccessRight[]>> {
  return needed;
}

/**
 * The tables to ask about when these are synchronised and these jobs run. Tables of users' own mappings are told by their own
 * errors.
 */
export function tablesInUse(
  synchronised: readonly string[],
  jobs: readonly CodeJobName[],
): readonly string[] {
  const ofMappings = synchronised.flatMap((table) => [table, ...(besides[table] ?? [])]);
  const all = [...always, ...ofMappings, ...jobs.flatMap((job) => byJob[job])];
  return [...new Set(all)].filter((table) => table in needed).sort();
}

/** What is missing. */
export interface MissingRights {
  /** Such as `Write on account`. */
  readonly missing: readonly string[];
  /** Tables whose rows are read for a part of the organisation only; change tracking then leaves out the others. */
  readonly narrow: readonly string[];
}

/** Compares what the user has with what is needed. */
export function missingRights(held: readonly TableRights[]): MissingRights {
  const missing = held.flatMap(({ table, rights }) => {
    const absent = (needed[table] ?? []).filter((right) => rights[right] === null);
    return absent.length === 0 ? [] : [`${absent.join(', ')} on ${table}`];
  });
  const isNarrow = ({ rights: { Read } }: TableRights) =>
    Read !== undefined && Read !== null && Read !== 'Global';
  return { missing, narrow: held.filter(isNarrow).map(({ table }) => table) };
}
