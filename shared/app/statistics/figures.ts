/** Reads what is known of customers from whatever sources the environment has (ST-13). */
import type { BusinessCentralId } from '../../domain/common/ids.ts';
import type { BusinessCentralRecord, FieldValue } from '../../domain/common/records.ts';
import type { CustomerFigures } from '../../domain/statistics/customerStatistics.ts';
import { nothingOpen, type OpenAmountsByCustomer } from '../../domain/statistics/openDocuments.ts';
import type { BusinessCentralSelection } from '../../ports/businessCentral.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { readOpenAmounts } from './readOpenAmounts.ts';
import { readTotalSales } from './totalSales.ts';

/** The companion app's page of the customer. */
const extras = 'customerExtras';
/** Without these three the page is no source of open amounts. */
const openProperties = ['outstandingOrdersLcy', 'shippedNotInvoicedLcy', 'outstandingInvoicesLcy'] as const;
/** What a newer page adds (ST-13). */
const addedProperties = [
  'totalAmountLcy',
  'overdueBalanceLcy',
  'invoicedPrepaymentAmountLcy',
  'outstandingServiceOrdersLcy',
  'serviceShippedNotInvoicedLcy',
  'outstandingServiceInvoicesLcy',
] as const;

/** What all pages of a run share; read once per slice. */
export interface FigureSources {
  /** Properties of the companion page that are read; empty = open amounts are worked out. */
  readonly companionProperties: readonly string[];
  /** Null when the companion page tells. */
  readonly openAmounts: OpenAmountsByCustomer | null;
  readonly totalSales: ReadonlyMap<string, number> | null;
}

/** Finds out what there is, and reads what is not read by customer. Raises SyncFailure. */
export async function openFigureSources(ports: SyncPorts, day: string): Promise<FigureSources> {
  const { businessCentral } = ports;
  const present = (await businessCentral.hasCompanionApp())
    ? await businessCentral.companionProperties(extras)
    : new Set<string>();
  const tellsOpen = openProperties.every((name) => present.has(name));
  const companionProperties = tellsOpen
    ? [...openProperties, ...addedProperties].filter((name) => present.has(name))
    : [];
  const openAmounts = tellsOpen
    ? null
    : await readOpenAmounts(ports, await businessCentral.localCurrencyCode());
  return { companionProperties, openAmounts, totalSales: await readTotalSales(ports, day) };
}

const financial: BusinessCentralSelection = {
  entitySet: 'customerFinancialDetails',
  route: 'v2.0',
  properties: ['balance', 'overdueAmount'],
  companions: [],
};

/** Figures of the customers that exist; one batch per set and route for a page of them. Raises SyncFailure. */
export async function readFigures(
  { businessCentral }: SyncPorts,
  sources: FigureSources,
  ids: readonly BusinessCentralId[],
): Promise<ReadonlyMap<BusinessCentralId, CustomerFigures>> {
  const properties = sources.companionProperties;
  const customers: BusinessCentralSelection = {
    entitySet: 'customers',
    route: 'v2.0',
    properties: ['number', 'displayName', 'creditLimit'],
    companions: properties.length > 0 ? [{ entitySet: extras, properties }] : [],
  };
  const [records, details] = await Promise.all([
    businessCentral.readByIds(customers, ids),
    businessCentral.readByIds(financial, ids),
  ]);
  const byId = new Map(details.map((record) => [record.id, record]));
  return new Map(records.map((record) => [record.id, figuresOf(sources, record, byId.get(record.id))]));
}

function figuresOf(
  { openAmounts, totalSales }: FigureSources,
  { id, values }: BusinessCentralRecord,
  details: BusinessCentralRecord | undefined,
): CustomerFigures {
  const extra = (name: string): number | null => amountOrNull(values[`${extras}/${name}`]);
  const number = String(values['number'] ?? '');
  const open = openAmounts?.of(number) ?? nothingOpen;
  return {
    number,
    name: String(values['displayName'] ?? ''),
    balance: Number(details?.values['balance'] ?? 0),
    outstandingOrders: extra('outstandingOrdersLcy') ?? open.outstandingOrders,
    shippedNotInvoiced: extra('shippedNotInvoicedLcy') ?? open.shippedNotInvoiced,
    outstandingInvoices: extra('outstandingInvoicesLcy') ?? open.outstandingInvoices,
    outstandingServiceOrders: extra('outstandingServiceOrdersLcy'),
    serviceShippedNotInvoiced: extra('serviceShippedNotInvoicedLcy'),
    outstandingServiceInvoices: extra('outstandingServiceInvoicesLcy'),
    invoicedPrepayments: extra('invoicedPrepaymentAmountLcy'),
    total: extra('totalAmountLcy'),
    creditLimit: Number(values['creditLimit'] ?? 0),
    overdue: extra('overdueBalanceLcy') ?? Number(details?.values['overdueAmount'] ?? 0),
    totalSales: totalSales === null ? null : (totalSales.get(id) ?? 0),
  };
}

function amountOrNull(value: FieldValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
