/** Puts demo records into a company: the pages of one record become one row. */

import type { DemoBusinessCentralData, DemoRecord } from './demoData.ts';
import { addAccountingPeriods, addIntegrationSetup } from './emptyCompany.ts';
import { checkValue } from './page/checkValue.ts';
import { isWorkedOut } from './page/projection.ts';
import { addToFlowFields } from './page/writePage.ts';
import { type Partner, partnerCodes } from './rules/companyContacts.ts';
import { outstandingOf } from './rules/totals.ts';
import type { Value } from './schema/entityModel.ts';
import { codeTwin, numberedTables, references } from './schema/relations.ts';
import { type EntitySet, entitySets, type Property, zeroGuid } from './schema/schema.ts';
import type { Company } from './store/company.ts';
import type { Database } from './store/database.ts';

/** A row on its way into the company. */
interface PlannedRow {
  readonly table: string;
  readonly id: string;
  readonly values: Record<string, Value>;
  /** Code columns of which only the id is known so far. */
  readonly twins: Map<string, string>;
  createdAtMs: number;
  modifiedAtMs: number;
}

/** Sets that are worked out from others, or belong to the platform. */
const notStored = [
  'companies',
  'contactsInformation',
  'customerSales',
  'subscriptions',
  'webhookSupportedResources',
];

/** Fills the company. Raises an Error with a line `file: what is wrong` per problem. */
export function fillCompany(database: Database, company: Company, data: DemoBusinessCentralData): void {
  for (const row of plannedRows(data)) {
    const stamps = { createdAtMs: row.createdAtMs, createdBy: 'demo', modifiedBy: 'demo' };
    database.load(company.table(row.table), row.id, row.values, {
      ...stamps,
      modifiedAtMs: row.modifiedAtMs,
    });
    if (numberedTables.includes(row.table)) company.numbers.use(row.table, String(row.values['No.'] ?? ''));
  }
  relateContacts(database, company, data);
  rememberOutstanding(database, company);
  addIntegrationSetup(database, company);
  addAccountingPeriods(database, company);
}

const plans = new WeakMap<DemoBusinessCentralData, readonly PlannedRow[]>();

/** In order of change. Worked out once for the same data: companies replace values of a row, they never change them. */
function plannedRows(data: DemoBusinessCentralData): readonly PlannedRow[] {
  const known = plans.get(data);
  if (known) return known;
  const problems: string[] = [];
  const planned = planRows(data, problems);
  resolveTwins(planned, problems);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const ordered = inOrderOfChange(planned);
  plans.set(data, ordered);
  return ordered;
}

function planRows(data: DemoBusinessCentralData, problems: string[]): readonly PlannedRow[] {
  const planned = new Map<string, PlannedRow>();
  const localCurrency = String(data['generalLedgerSetup']?.[0]?.['localCurrencyCode'] ?? '');
  for (const set of entitySets) {
    if (notStored.includes(set.entitySet)) continue;
    const storable = set.properties.filter((property) => isStorable(set, property));
    for (const record of data[set.entitySet] ?? []) {
      const row = plannedRow(planned, set.table, String(record['id']));
      takeTimes(row, record);
      for (const property of storable) {
        const given = record[property.name];
        if (given !== undefined) takeValue(row, set, property, given, localCurrency, problems);
      }
    }
  }
  return [...planned.values()];
}

function plannedRow(planned: Map<string, PlannedRow>, table: string, id: string): PlannedRow {
  const key = `${table} ${id}`;
  let row = planned.get(key);
  if (!row) {
    row = { table, id, values: {}, twins: new Map(), createdAtMs: 0, modifiedAtMs: 0 };
    planned.set(key, row);
  }
  return row;
}

/** When the pages of a record disagree, the later change is the row's. */
function takeTimes(row: PlannedRow, record: DemoRecord): void {
  const modified = Date.parse(String(record['lastModifiedDateTime'] ?? ''));
  if (Number.isFinite(modified)) row.modifiedAtMs = Math.max(row.modifiedAtMs, modified);
  const created = Date.parse(String(record['systemCreatedAt'] ?? ''));
  if (Number.isFinite(created)) row.createdAtMs = created;
}

function isStorable(set: EntitySet, property: Property): boolean {
  return property.source !== 'Id' && !/^System/.test(property.column) && !isWorkedOut(set, property);
}

function takeValue(
  row: PlannedRow,
  set: EntitySet,
  property: Property,
  given: string | number | boolean,
  localCurrency: string,
  problems: string[],
): void {
  const { column } = property;
  let value: Value;
  try {
    value = checkValue(property, given);
  } catch (error) {
    problems.push(`${set.entitySet}.json: ${row.id} ${property.name}: ${(error as Error).message}`);
    return;
  }
  const twin = codeTwin(set.table, column);
  if (twin) {
    if (value !== zeroGuid) row.twins.set(twin, String(value));
    return;
  }
  const isLocal =
    column === 'Currency Code' && value === localCurrency && set.table !== 'Currency Exchange Rate';
  if (!isLocal && value !== property.blank) row.values[column] = value;
}

function resolveTwins(planned: readonly PlannedRow[], problems: string[]): void {
  const byId = new Map(planned.map((row) => [`${row.table} ${row.id}`, row]));
  for (const row of planned) {
    for (const [column, id] of row.twins) {
      const reference = references[column];
      const target = reference && byId.get(`${reference.table} ${id}`);
      if (target && reference) row.values[column] = target.values[reference.keyColumn] ?? '';
      else problems.push(`${row.table} ${row.id}: the id ${id} behind ${column} does not exist`);
    }
  }
}

function inOrderOfChange(planned: readonly PlannedRow[]): readonly PlannedRow[] {
  const first = planned.reduce(
    (least, row) => (row.modifiedAtMs > 0 ? Math.min(least, row.modifiedAtMs) : least),
    Number.MAX_SAFE_INTEGER,
  );
  for (const row of planned) {
    if (row.modifiedAtMs === 0) row.modifiedAtMs = first === Number.MAX_SAFE_INTEGER ? 0 : first;
    if (row.createdAtMs === 0) row.createdAtMs = row.modifiedAtMs;
  }
  return [...planned].sort((left, right) => left.modifiedAtMs - right.modifiedAtMs);
}

/** The business relation behind each company contact that belongs to a customer or vendor. */
function relateContacts(database: Database, company: Company, data: DemoBusinessCentralData): void {
  for (const record of data['contactsInformation'] ?? []) {
    if (record['contactType'] !== 'Company') continue;
    const partner = record['relatedType'] as Partner;
    const contact = company.table('Contact').get(String(record['contactId']));
    const related = company.table(partner).get(String(record['relatedId']));
    if (!contact || !related) continue;
    const values = {
      'Contact No.': contact.values['No.'] ?? '',
      'Business Relation Code': partnerCodes[partner],
      'Link to Table': partner,
      'No.': related.values['No.'] ?? '',
    };
    const atMs = contact.stamps.modifiedAtMs;
    const stamps = { createdAtMs: atMs, createdBy: 'demo', modifiedAtMs: atMs, modifiedBy: 'demo' };
    database.load(company.table('Contact Business Relation'), database.newGuid(), values, stamps);
  }
}

/** Orders remember what they add to their customer, so that later changes carry the difference; customers hold the sum. */
function rememberOutstanding(database: Database, company: Company): void {
  const context = { database, company, user: 'demo', asClientUser: true };
  const [orders, customers] = [company.table('Sales Order'), company.table('Customer')];
  for (const customer of customers.rows()) {
    const nothing = { 'Outstanding Orders (LCY)': 0, 'Shipped Not Invoiced (LCY)': 0 };
    database.updateSilently(customers, customer, nothing);
  }
  for (const order of orders.rows()) {
    const outstanding = outstandingOf(context, order);
    database.updateSilently(orders, order, outstanding);
    addToFlowFields(
      context,
      'Customer',
      customers.find('No.', order.values['Bill-to Customer No.'] ?? ''),
      outstanding,
    );
  }
}
