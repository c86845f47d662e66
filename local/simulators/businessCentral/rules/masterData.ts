/** Items, variants, resources and currencies: units that come with them, stock, deletion. */
import { Draft, type WriteContext } from '../page/draft.ts';
import { insertDraft } from '../page/writePage.ts';
import type { Value } from '../schema/entityModel.ts';
import { requireSet } from '../schema/schema.ts';
import { dialogError } from '../serviceError.ts';
import type { Row } from '../store/row.ts';
import type { TableRules } from './rules.ts';
import { addItemLedgerEntry } from './stock.ts';

function insertWith(context: WriteContext, set: string, values: Readonly<Record<string, Value>>): void {
  const draft = new Draft(context, requireSet(set), null);
  for (const [column, value] of Object.entries(values)) draft.assign(column, value);
  insertDraft(draft);
}

/** The base unit is also a unit of the item or resource, with quantity 1. */
function ensureBaseUnit(draft: Draft, row: Row, kind: 'Item' | 'Resource'): void {
  const [number, code] = [row.values['No.'] ?? '', draft.text('Base Unit of Measure')];
  if (code === '') return;
  const [set, column] =
    kind === 'Item' ? ['itemUnitsOfMeasure', 'Item No.'] : ['resourceUnitsOfMeasure', 'Resource No.'];
  const table = draft.context.company.table(`${kind} Unit of Measure`);
  if (table.findAll(column ?? '', number).some((each) => each.values['Code'] === code)) return;
  insertWith(draft.context, set ?? '', { [column ?? '']: number, Code: code, 'Qty. per Unit of Measure': 1 });
}

/** Every item and resource has its unit group. */
function createUnitGroup(draft: Draft, row: Row, kind: 'Item' | 'Resource'): void {
  insertWith(draft.context, 'unitGroups', {
    'Source Type': kind,
    'Source Id': row.id,
    'Source No.': row.values['No.'] ?? '',
  });
}

function deleteUnits(context: WriteContext, row: Row, kind: 'Item' | 'Resource'): void {
  const units = context.company.table(`${kind} Unit of Measure`);
  for (const unit of units.findAll(`${kind} No.`, row.values['No.'] ?? '')) {
    context.database.delete(context.company, units, unit);
  }
  const groups = context.company.table('Unit Group');
  for (const group of groups.findAll('Source Id', row.id))
    context.database.delete(context.company, groups, group);
}

function refuseDeleteInUse(context: WriteContext, row: Row, kind: 'Item' | 'Resource'): void {
  const number = row.values['No.'] ?? '';
  for (const [table, type] of [
    ['Sales Order Line', 'API Type'],
    ['Sales Quote Line', 'API Type'],
    ['Sales Invoice Draft Line', 'API Type'],
    ['Sales Invoice Line', 'Type'],
  ] as const) {
    const used = context.company.table(table).findAll('No.', number);
    if (used.some((line) => line.values[type] === kind)) {
      throw dialogError(`You cannot delete ${kind} ${String(number)} because it is used in ${table}.`);
    }
  }
}

/** Rules of the table Item. */
export const itemRules: TableRules = {
  beforeInsert: (draft) => {
    if (draft.number('Inventory') !== 0) {
      throw dialogError('The inventory cannot be set when an item is created; change it afterwards.');
    }
  },
  afterInsert: (draft, row) => {
    ensureBaseUnit(draft, row, 'Item');
    createUnitGroup(draft, row, 'Item');
  },
  beforeModify: (draft) => {
    const { row, context } = draft;
    const moved = row ? draft.number('Inventory') - Number(row.values['Inventory'] ?? 0) : 0;
    if (row && moved !== 0) addItemLedgerEntry(context, row, moved);
  },
  afterModify: (draft, row) => ensureBaseUnit(draft, row, 'Item'),
  beforeDelete: (context, row) => refuseDeleteInUse(context, row, 'Item'),
  afterDelete: (context, row) => deleteUnits(context, row, 'Item'),
};

/** Rules of the table Resource. */
export const resourceRules: TableRules = {
  afterInsert: (draft, row) => {
    ensureBaseUnit(draft, row, 'Resource');
    createUnitGroup(draft, row, 'Resource');
  },
  afterModify: (draft, row) => ensureBaseUnit(draft, row, 'Resource'),
  beforeDelete: (context, row) => refuseDeleteInUse(context, row, 'Resource'),
  afterDelete: (context, row) => deleteUnits(context, row, 'Resource'),
};

/** Rules of the table Item Variant. */
export const variantRules: TableRules = {
  beforeInsert: (draft) => {
    if (draft.text('Item No.') === '') throw dialogError('A variant needs itemId or itemNumber.');
    if (draft.text('Code') === '') throw dialogError('A variant needs a code.');
  },
};

/** Rules of the table Currency. */
export const currencyRules: TableRules = {
  beforeInsert: (draft) => {
    if (draft.text('ISO Code') === '' && draft.text('Code').length === 3) {
      draft.assign('ISO Code', draft.text('Code'));
    }
  },
  beforeDelete: (context, row) => {
    const used = ['Customer', 'Sales Order', 'Sales Quote', 'Sales Invoice'].find((table) =>
      context.company.table(table).find('Currency Code', row.values['Code'] ?? ''),
    );
    if (used) throw dialogError(`You cannot delete the currency because it is used in ${used}.`);
  },
};
