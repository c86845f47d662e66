/** Why a document of Sales cannot become one of Business Central: the codes of documents.md (D-44 to D-60, D-69, D-70, D-116). */
import type { FailureKind } from '../common/failures.ts';
import type { RecordProblem } from '../sync/problems.ts';
import { type DocumentType, documentTypes, namesOf } from './documentType.ts';

interface Cause {
  readonly kind: FailureKind;
  readonly suggestion: string;
}

/** Causes whose code begins with the kind of document. */
const prefixed = {
  NO_CUSTOMER: { kind: 'data', suggestion: 'Choose a customer for the document in Sales.' },
  NO_ACCOUNT: {
    kind: 'data',
    suggestion: 'Choose an account, or give the contact a parent account, in Sales.',
  },
  ACCOUNT_NOT_CUSTOMER: {
    kind: 'data',
    suggestion: 'Set the relationship type of the account to Customer in Sales.',
  },
  CUSTOMER_NOT_COUPLED: {
    kind: 'dependency',
    suggestion: 'Couple or synchronise the account with a customer; the document follows by itself.',
  },
  CUSTOMER_MISSING: {
    kind: 'data',
    suggestion: 'Couple the account with a customer that exists in Business Central.',
  },
  PRODUCT_NOT_ACTIVE: { kind: 'data', suggestion: 'Activate the product in Sales.' },
  PRODUCT_NOT_COUPLED: {
    kind: 'dependency',
    suggestion: 'Couple or synchronise the product with an item; the document follows by itself.',
  },
  RESOURCE_NOT_COUPLED: {
    kind: 'dependency',
    suggestion: 'Couple or synchronise the product with a resource; the document follows by itself.',
  },
  ITEM_MISSING: {
    kind: 'data',
    suggestion: 'Couple the product with an item that exists in Business Central.',
  },
  RESOURCE_MISSING: {
    kind: 'data',
    suggestion: 'Couple the product with a resource that exists in Business Central.',
  },
  PRODUCT_TYPE_UNSUPPORTED: {
    kind: 'data',
    suggestion: 'Use a product of type Sales Inventory or Services, or a write-in product.',
  },
  WRITEIN_NOT_CONFIGURED: {
    kind: 'config',
    suggestion:
      'Set WRITE_IN_PRODUCT, or choose a write-in product in the sales setup of Business Central: a resource, or an item of type Service or Non-Inventory.',
  },
  UOM_NOT_COUPLED: {
    kind: 'dependency',
    suggestion: 'Synchronise the units of the item or resource; the document follows by itself.',
  },
  ITEM_UOM_MISSING: { kind: 'data', suggestion: 'Add the unit of measure to the item in Business Central.' },
  RESOURCE_UOM_MISSING: {
    kind: 'data',
    suggestion: 'Add the unit of measure to the resource in Business Central.',
  },
  DISCOUNT_NO_BASE: {
    kind: 'data',
    suggestion: 'Add a line that a discount can be given on, or take the discount off the document in Sales.',
  },
  FREIGHT_ACCOUNT_MISSING: {
    kind: 'config',
    suggestion: 'Set FREIGHT_ACCOUNT, or choose a freight account in the sales setup of Business Central.',
  },
  FREIGHT_NO_LINES: {
    kind: 'data',
    suggestion: 'Add a line to the document, or take the freight amount off it, in Sales.',
  },
  AMBIGUOUS_RECOVERY: {
    kind: 'conflict',
    suggestion:
      'Several documents in Business Central could be this one: delete those that are not wanted, or give them another external document number. The right order can also be coupled by hand.',
  },
  HALF_CREATED_LOCKED: {
    kind: 'conflict',
    suggestion: 'Reopen the document in Business Central, so that its missing lines can be added, and retry.',
  },
} as const satisfies Readonly<Record<string, Cause>>;

/** Causes with one code for all documents, and those of one kind alone. */
const common = {
  WRITEIN_PRODUCT_COUPLED: {
    kind: 'config',
    suggestion: 'Choose a write-in item or resource that is not coupled to a product, or uncouple it.',
  },
  CURRENCY_NOT_FOUND: {
    kind: 'dependency',
    suggestion: 'Create the currency in Business Central, or synchronise it; the document follows by itself.',
  },
  DV_CURRENCY_NOT_FOUND: { kind: 'data', suggestion: 'Choose a currency that exists in Sales.' },
  QUOTE_ORDER_MISSING: {
    kind: 'dependency',
    suggestion: 'Create the order of the won quote in Sales; the quote is done when the order is there.',
  },
  QUOTE_TO_ORDER_FAILED: {
    kind: 'dependency',
    suggestion: 'Correct what the error of the order tells; the quote is done when its order was created.',
  },
  QUOTE_ALREADY_PROCESSED: {
    kind: 'conflict',
    suggestion: 'Nothing is left to do; revise the quote in Sales to change the one in Business Central.',
  },
  QUOTE_NOT_ACTIVE: { kind: 'data', suggestion: 'Activate the quote in Sales, then process it again.' },
  ORDER_NOT_SUBMITTED: { kind: 'data', suggestion: 'Submit the order in Sales, then create it again.' },
} as const satisfies Readonly<Record<string, Cause>>;

export type PrefixedCause = keyof typeof prefixed;
export type CommonCause = keyof typeof common;

/** Builds the problem of a document; `parameters` are the stable parts that tell whether a failure is the same as before. */
export function documentProblem(
  type: DocumentType,
  cause: PrefixedCause | CommonCause,
  message: string,
  parameters: readonly string[] = [],
): RecordProblem {
  const isPrefixed = cause in prefixed;
  const code = isPrefixed ? `${namesOf(type).errorPrefix}_${cause}` : cause;
  const { kind, suggestion }: Cause = isPrefixed
    ? prefixed[cause as PrefixedCause]
    : common[cause as CommonCause];
  return { code, kind, message, suggestion, field: null, parameters };
}

/** Every code with its class and suggestion, for documentation. */
export function documentProblemCatalog(): readonly (Cause & { readonly code: string })[] {
  const perType = documentTypes.flatMap((type) =>
    Object.entries(prefixed).map(([cause, entry]) => ({
      code: `${namesOf(type).errorPrefix}_${cause}`,
      ...entry,
    })),
  );
  return [...perType, ...Object.entries(common).map(([code, entry]) => ({ code, ...entry }))];
}
