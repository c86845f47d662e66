/** Failures of single records: a code, its cause class, and what the administrator should do. */
import type { FailureKind } from '../common/failures.ts';

/** Why one record failed. `parameters` are the stable parts that the skip rule compares (E-57, E-166). */
export interface RecordProblem {
  readonly code: string;
  readonly kind: FailureKind;
  readonly message: string;
  readonly suggestion: string;
  readonly field: string | null;
  readonly parameters: readonly string[];
}

interface CatalogEntry {
  readonly kind: FailureKind;
  readonly suggestion: string;
}

/** The codes of sync-engine section 14 that the engine itself raises, and our own. */
const catalog = {
  'update-conflict': {
    kind: 'conflict',
    suggestion:
      'Compare both records and choose which version to keep, or set a conflict rule on the mapping.',
  },
  'coupled-record-deleted': {
    kind: 'deleted',
    suggestion: 'Restore the deleted record, delete the remaining one, or remove the coupling.',
  },
  'insert-failed': {
    kind: 'data',
    suggestion: 'Correct the value the message names; the record is tried again.',
  },
  'insert-incomplete': {
    kind: 'transient',
    suggestion: 'Nothing to do: the next run sends the missing values; if it stays, check the companion app.',
  },
  'follow-up-failed': {
    kind: 'data',
    suggestion: 'Correct what the message names; the next run writes what is missing.',
  },
  'modify-failed': {
    kind: 'data',
    suggestion: 'Correct the value the message names; the record is tried again.',
  },
  'transfer-failed': {
    kind: 'data',
    suggestion: 'Correct the value the message names; the record is tried again.',
  },
  'transformation-bad-value': {
    kind: 'data',
    suggestion: 'Correct the value, or the transformation rule of the field mapping.',
  },
  'record-not-coupled': {
    kind: 'dependency',
    suggestion: 'Couple or synchronise the record it refers to; this record follows by itself.',
  },
  'salesperson-not-coupled': {
    kind: 'dependency',
    suggestion: 'Couple the salesperson to a Sales user; this record follows by itself.',
  },
  'owner-not-coupled': {
    kind: 'dependency',
    suggestion: 'Couple the owning user to a salesperson; this record follows by itself.',
  },
  'related-mapping-missing': {
    kind: 'config',
    suggestion: 'Add or enable the table mapping of the related record, or disable this field mapping.',
  },
  'currency-not-found': {
    kind: 'dependency',
    suggestion: 'Synchronise the CURRENCY mapping; this record follows by itself.',
  },
  'exchange-rate-missing': {
    kind: 'data',
    suggestion: 'Enter an exchange rate for the currency in Business Central.',
  },
  'base-currency-undefined': {
    kind: 'config',
    suggestion: 'Check the base currency of the Sales organisation.',
  },
  'base-currency-not-in-bc': {
    kind: 'config',
    suggestion: 'Create the base currency of the Sales organisation as a currency in Business Central.',
  },
  'contact-company-missing': {
    kind: 'dependency',
    suggestion: 'Couple or synchronise the parent account with a customer; the contact follows by itself.',
  },
  'unit-group-not-found': {
    kind: 'dependency',
    suggestion:
      'Synchronise the unit of measure, so that its unit group exists in Sales; this record follows by itself.',
  },
  'unit-group-inactive': { kind: 'data', suggestion: 'Activate the unit group in Sales.' },
  'unit-group-many-units': {
    kind: 'data',
    suggestion: 'Leave only the base unit in the unit group in Sales, or give the group another name.',
  },
  'unit-group-empty': { kind: 'data', suggestion: 'Add the base unit to the unit group in Sales.' },
  'unit-name-mismatch': {
    kind: 'data',
    suggestion: 'Name the unit in Sales exactly like the code, or synchronise the unit of measure.',
  },
  'unit-not-base': { kind: 'data', suggestion: 'Make the unit the base unit of its group in Sales.' },
  'unit-quantity-not-one': { kind: 'data', suggestion: 'Set the quantity of the base unit in Sales to 1.' },
  'base-unit-missing': {
    kind: 'data',
    suggestion: 'Choose a base unit of measure for the item or resource in Business Central.',
  },
  'item-unit-not-coupled': {
    kind: 'dependency',
    suggestion: 'Synchronise the units of the item or resource; this record follows by itself.',
  },
  'unit-group-shared': {
    kind: 'data',
    suggestion: 'Give each product in Sales a unit group of its own.',
  },
  'price-currency-mismatch': {
    kind: 'data',
    suggestion:
      'Give all prices of the group the currency of the price list, or move them to a group of their own.',
  },
  'product-not-synchronisable': {
    kind: 'dependency',
    suggestion:
      'Couple or synchronise the item or resource the message names; this record follows by itself.',
  },
  'invoice-item-blocked': {
    kind: 'data',
    suggestion: 'Unblock the item or resource until the invoice is in Sales; it is tried again.',
  },
  'invoice-not-committed': {
    kind: 'dependency',
    suggestion: 'Nothing to do: a later run takes the invoice.',
  },
  'invoice-customer-changed': {
    kind: 'data',
    suggestion:
      'Couple the sell-to customer of the invoice with the account of the order, or with an account at all.',
  },
  'record-not-found': { kind: 'data', suggestion: 'Correct the reference to a record that does not exist.' },
  'match-ambiguous': {
    kind: 'data',
    suggestion: 'Several records match; couple the right one by hand or make the match fields unique.',
  },
  'create-ambiguous': {
    kind: 'conflict',
    suggestion: 'Several records could be the one created before; couple the right one by hand.',
  },
  'already-coupled': {
    kind: 'conflict',
    suggestion: 'One of the two records is coupled to another one; remove that coupling first.',
  },
  'source-not-found': {
    kind: 'deleted',
    suggestion: 'The record no longer exists; choose another one.',
  },
  'match-no-criteria': {
    kind: 'config',
    suggestion: 'Mark at least one field mapping for matching, or name match fields with the action.',
  },
  'match-not-found': {
    kind: 'data',
    suggestion: 'Couple the remaining records by hand, or match again with other fields or with new records.',
  },
  'uncouple-failed': {
    kind: 'data',
    suggestion: 'Correct what the message names and uncouple the record again.',
  },
  'delete-not-permitted': {
    kind: 'permission',
    suggestion:
      'Give the app the right to delete such records, or remove what the message names; or remove only the coupling.',
  },
  'outcome-unknown': {
    kind: 'transient',
    suggestion: 'Nothing to do: the next run looks the record up and goes on.',
  },
  ORDER_HEADER_NOT_COUPLED: {
    kind: 'dependency',
    suggestion: 'Couple or synchronise the order first; its lines follow by themselves.',
  },
  ORDER_WRITEIN_NOT_CONFIGURED: {
    kind: 'config',
    suggestion: 'Set the write-in product: the setting WRITE_IN_PRODUCT, or the set-up of the companion app.',
  },
  ORDER_RELEASED_NOT_EDITABLE: {
    kind: 'config',
    suggestion:
      'Install the companion app, whose actions reopen and release orders, or reopen the order in Business Central.',
  },
  ORDER_NOT_RELEASED: {
    // Whatever keeps it from being released is cured beside it, so every run tries again.
    kind: 'dependency',
    suggestion:
      'Correct in Business Central what the message names, or release the order there; the next run releases it, or finds it released.',
  },
  STAT_ACCOUNT_NOT_FOUND: {
    kind: 'deleted',
    suggestion: 'Restore the account or remove the coupling; then retry the customer.',
  },
  STAT_CUSTOMER_NOT_FOUND: {
    kind: 'deleted',
    suggestion: 'Restore the customer or remove the coupling; then retry the account.',
  },
  'record-changed': { kind: 'transient', suggestion: 'Nothing to do: the next run reads the record again.' },
} as const satisfies Readonly<Record<string, CatalogEntry>>;

/** Codes the engine raises for a record. */
export type ProblemCode = keyof typeof catalog;

/** What a problem is made of beside its code. */
export interface ProblemDetails {
  readonly message: string;
  readonly field?: string;
  /** Stable parts only: no ids of requests, no times. */
  readonly parameters?: readonly string[];
  /** Overrides the catalog's class, for refusals classified by an adapter. */
  readonly kind?: FailureKind;
}

/** Builds a problem; class and suggestion come from the catalog. */
export function problem(code: ProblemCode, details: ProblemDetails): RecordProblem {
  const entry: CatalogEntry = catalog[code];
  return {
    code,
    kind: details.kind ?? entry.kind,
    message: details.message,
    suggestion: entry.suggestion,
    field: details.field ?? null,
    parameters: details.parameters ?? [],
  };
}

/** What two failures must share to be the same failure (E-57 with E-166): the code and its stable parameters. */
export function fingerprintOf(raised: RecordProblem): string {
  return [raised.code, raised.field ?? '', ...raised.parameters].join('|');
}

/** Every code with its class and suggestion, for documentation. */
export function problemCatalog(): readonly (CatalogEntry & { readonly code: string })[] {
  return Object.entries(catalog).map(([code, entry]) => ({ code, ...entry }));
}
