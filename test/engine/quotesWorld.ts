/** A world with quotes of Sales beside the orders: activated, revised, won, and their job. */

import { quoteMappingName, wonQuoteMappingName } from '../../shared/app/documents/quotes/quoteScope.ts';
import { ensureCodeJobs } from '../../shared/app/jobs/ensureJobs.ts';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { type DataverseId, dataverseId } from '../../shared/domain/common/ids.ts';
import type { SyncJob } from '../../shared/domain/logs/syncJob.ts';
import { couplingsOf } from './acting.ts';
import { type OrdersWorld, startOrdersWorld } from './ordersWorld.ts';

type Values = Readonly<Record<string, unknown>>;

const seller = 'alice';
export const quotesJob = 'AUTO PROCESS SALES QUOTES';

/** Quotes are processed, and orders are created for them alone. */
export async function startQuotesWorld(
  options: Parameters<typeof startOrdersWorld>[0] = {},
): Promise<OrdersWorld> {
  const { settings, ...rest } = options;
  const world = await startOrdersWorld({
    ...rest,
    settings: { autoProcessQuotes: true, autoCreateOrders: false, ...settings },
  });
  await ensureCodeJobs(world.ports);
  return world;
}

/** A draft quote with lines. */
export function draftQuote(
  world: OrdersWorld,
  name: string,
  lines: readonly Values[],
  more: Values = {},
): DataverseId {
  const references = {
    'customerid_account@odata.bind': `/accounts(${world.account})`,
    'transactioncurrencyid@odata.bind': `/transactioncurrencies(${world.pound})`,
  };
  const row = world.dataverse.create('quote', { name, ...references, ...more } as never, seller);
  const id = String(row['quoteid']);
  for (const line of lines) addLine(world, id, line);
  return dataverseId(id);
}

/** Adds a line to a draft. */
export function addLine({ dataverse }: OrdersWorld, quote: string, line: Values): void {
  const values = { 'quoteid@odata.bind': `/quotes(${quote})`, ...line };
  dataverse.create('quotedetail', values as never, seller);
}

/** A quote with lines, activated by its seller. */
export function activeQuote(...input: Parameters<typeof draftQuote>): DataverseId {
  const id = draftQuote(...input);
  activate(input[0], id);
  return id;
}

/** Activates a draft. */
export function activate({ dataverse }: OrdersWorld, id: string): void {
  dataverse.edit('quote', id, { statecode: 1, statuscode: 2 }, seller);
}

/** The draft of the next revision; the old one is closed. */
export function revise({ dataverse }: OrdersWorld, id: string): DataverseId {
  return dataverseId(String(dataverse.reviseQuote(id, seller)['quoteid']));
}

/** Wins the quote; the order comes by {@link orderOf}. */
export function win({ dataverse }: OrdersWorld, id: string): void {
  dataverse.winQuote(id, seller);
}

/** The order of a quote with lines of its own, submitted unless told otherwise. */
export function orderOf(
  { dataverse, account, pound }: OrdersWorld,
  quote: string,
  lines: readonly Values[],
  isSubmitted = true,
  more: Values = {},
): DataverseId {
  const values = {
    name: String(dataverse.row('quote', quote)?.['name']),
    'quoteid@odata.bind': `/quotes(${quote})`,
    'customerid_account@odata.bind': `/accounts(${account})`,
    'transactioncurrencyid@odata.bind': `/transactioncurrencies(${pound})`,
    ...more,
  };
  const id = String(dataverse.create('salesorder', values as never, seller)['salesorderid']);
  for (const line of lines) {
    const detail = { 'salesorderid@odata.bind': `/salesorders(${id})`, ...line };
    dataverse.create('salesorderdetail', detail as never, seller);
  }
  if (isSubmitted) submit(dataverse, id);
  return dataverseId(id);
}

/** Submits an order. */
export function submit(dataverse: OrdersWorld['dataverse'], id: string): void {
  dataverse.edit('salesorder', id, { statecode: 1, statuscode: 3 }, seller);
}

/** Runs the job once, or a slice of the run that is named; raises what it failed with. */
export async function processQuotesOf(
  world: OrdersWorld,
  ports: SyncPorts = world.ports,
  runId = ports.ids.runId(ports.clock.now()),
): Promise<readonly SyncJob[]> {
  await executeRun(ports, world.mappings, { job: quotesJob, runId, trigger: 'manual', followedBy: [] });
  const job = await ports.jobs.get(quotesJob);
  if (job?.entry.errorMessage) throw new Error(job.entry.errorMessage);
  const { rows } = await world.ports.logs.listSyncJobs({ runId }, { top: 10, continuation: null });
  return rows.toReversed();
}

/** Quotes of Business Central, or those with this external document number. */
export function quotesNamed({ businessCentral }: OrdersWorld, name?: string) {
  const all = businessCentral.records('salesQuotes');
  return name === undefined
    ? all
    : all.filter((quote) => quote['externalDocumentNumber'] === name.toUpperCase());
}

/** Lines of the only quote, or of the one with this external document number, by sequence. */
export function quoteLines(world: OrdersWorld, name?: string) {
  const [quote] = quotesNamed(world, name);
  return world.businessCentral
    .records('salesQuoteLines')
    .filter((line) => line['documentId'] === quote?.['id'])
    .toSorted((left, right) => Number(left['sequence']) - Number(right['sequence']));
}

/** Couplings of quotes. */
export function quoteCouplings(world: OrdersWorld) {
  return couplingsOf(world, quoteMappingName);
}

/** Marks of won quotes that are done. */
export function doneMarks(world: OrdersWorld) {
  return couplingsOf(world, wonQuoteMappingName);
}
