/** Business rules by table: what AL does when fields are validated and rows are written. */
import type { Draft, WriteContext } from '../page/draft.ts';
import type { Value } from '../schema/entityModel.ts';
import type { Row } from '../store/row.ts';
import { contactRules } from './contacts.ts';
import { customerRules } from './customers.ts';
import { lineRules } from './documentLines.ts';
import { invoiceRules, orderRules, postedInvoiceRules, quoteRules } from './documents.ts';
import { currencyRules, itemRules, resourceRules, variantRules } from './masterData.ts';
import { noteRules } from './notes.ts';
import { opportunityRules } from './opportunities.ts';
import { vendorRules } from './vendors.ts';

/** The rules of one table; each part is optional. */
export interface TableRules {
  /** Field triggers by column; they run after the value is set. */
  readonly validate?: Readonly<Record<string, (draft: Draft) => void>>;
  readonly beforeInsert?: (draft: Draft) => void;
  readonly afterInsert?: (draft: Draft, row: Row) => void;
  readonly beforeModify?: (draft: Draft) => void;
  readonly afterModify?: (draft: Draft, row: Row, changed: Readonly<Record<string, Value>>) => void;
  readonly beforeDelete?: (context: WriteContext, row: Row) => void;
  readonly afterDelete?: (context: WriteContext, row: Row) => void;
}

let byTable: Readonly<Record<string, TableRules>> | null = null;

/** Built at first use: the rule modules and the page modules import each other. */
function allRules(): Readonly<Record<string, TableRules>> {
  byTable ??= {
    Customer: customerRules,
    Vendor: vendorRules,
    Contact: contactRules,
    Currency: currencyRules,
    Item: itemRules,
    'Item Variant': variantRules,
    Resource: resourceRules,
    Opportunity: opportunityRules,
    'Sales Document Note': noteRules,
    'Sales Order': orderRules,
    'Sales Quote': quoteRules,
    'Sales Invoice': invoiceRules,
    'Sales Invoice Header': postedInvoiceRules,
    'Sales Order Line': lineRules('Sales Order'),
    'Sales Quote Line': lineRules('Sales Quote'),
    'Sales Invoice Draft Line': lineRules('Sales Invoice'),
  };
  return byTable;
}

/** The rules of a table; none for tables without own rules. */
export function rulesOf(table: string): TableRules {
  return allRules()[table] ?? {};
}
