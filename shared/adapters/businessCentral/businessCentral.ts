/** The Business Central adapter: one company behind the port, on a transport that is shared by all its users. */
import type { BusinessCentral, BusinessCentralCompany } from '../../ports/businessCentral.ts';
import type { ChangeSubscriptions } from '../../ports/changeSubscriptions.ts';
import type { RequestMeter } from '../../ports/requestMeter.ts';
import type { Log } from '../../ports/system.ts';
import type { Transport } from '../http/transport.ts';
import { actOn } from './actions.ts';
import { companyPath } from './address.ts';
import { changeSubscriptions } from './changeSubscriptions.ts';
import type { Client } from './client.ts';
import {
  type CompanionApp,
  companionPropertiesOf,
  companionSetAnswers,
  companyIdOf,
  findCompanionApp,
  findCompany,
} from './company.ts';
import { create } from './creates.ts';
import { deleteRecords } from './deletes.ts';
import { existing } from './existing.ts';
import { readLines, writeLines } from './lines.ts';
import { localCurrencyMaxAgeMs, readLocalCurrencyCode } from './localCurrency.ts';
import { readRows, readRowsByFilters } from './plainRows.ts';
import { readByIds, readByValues, readChanges } from './reads.ts';
import { remembered } from './remembered.ts';
import { rewriteDocuments } from './rewriteDocuments.ts';
import { readStandardSets, type StandardSets } from './standardSets.ts';
import { update } from './updates.ts';

export interface BusinessCentralOptions {
  /** BUSINESS_CENTRAL_URL: up to and including the environment. */
  readonly baseUrl: string;
  /** Id or name. An id is used as it is; a name costs one request when first needed. */
  readonly company: string;
  readonly transport: Transport;
  /** Records on a page of changes, 5,000 unless given; at most 20,000 (section 3.2). */
  readonly pageSize?: number;
  /** Operations in a batch, 100 unless given, which is the service's limit (section 4.4). */
  readonly batchSize?: number;
  readonly log: Log;
  now(): number;
}

/** An environment without the companion app is asked again after this time: it may be installed meanwhile. */
const askForCompanionAgainMs = 300_000;

/** The port to one company. Safe to share between runs. */
export function createBusinessCentral(options: BusinessCentralOptions): BusinessCentral {
  return portFor(unmeteredView(options));
}

/** The port to the subscriptions of one company. Sends nothing yet. */
export function createChangeSubscriptions(options: BusinessCentralOptions): ChangeSubscriptions {
  return changeSubscriptions(clientFor(unmeteredView(options)));
}

function unmeteredView(options: BusinessCentralOptions): View {
  const keep = (): number => Number.POSITIVE_INFINITY;
  const keepInstalled = ({ installed }: CompanionApp): number =>
    installed ? keep() : askForCompanionAgainMs;
  const keepKnown = ({ size }: { readonly size: number }): number => keepPresent(size > 0);
  const keepPresent = (present: boolean): number => (present ? keep() : askForCompanionAgainMs);
  return {
    options,
    company: remembered<BusinessCentralCompany>(options.now, keep),
    companionApp: remembered<CompanionApp>(options.now, keepInstalled),
    companionSets: new Map(),
    rememberSet: () => remembered<boolean>(options.now, keepPresent),
    companionProperties: new Map(),
    // An empty page shows nothing, and may have its first record at any moment.
    rememberProperties: () =>
      remembered<ReadonlySet<string>>(options.now, ({ size }) => (size > 0 ? keep() : 0)),
    standardSets: remembered<StandardSets>(options.now, keepKnown),
    localCurrency: remembered<string>(options.now, () => localCurrencyMaxAgeMs),
    meter: undefined,
  };
}

/** What all views of one adapter share, and the meter of one of them. */
interface View {
  readonly options: BusinessCentralOptions;
  readonly company: ReturnType<typeof remembered<BusinessCentralCompany>>;
  readonly companionApp: ReturnType<typeof remembered<CompanionApp>>;
  /** Sets that the route did not list, by name. */
  readonly companionSets: Map<string, ReturnType<typeof remembered<boolean>>>;
  rememberSet(): ReturnType<typeof remembered<boolean>>;
  /** Properties of companion sets, by set. */
  readonly companionProperties: Map<string, ReturnType<typeof remembered<ReadonlySet<string>>>>;
  rememberProperties(): ReturnType<typeof remembered<ReadonlySet<string>>>;
  readonly standardSets: ReturnType<typeof remembered<StandardSets>>;
  readonly localCurrency: ReturnType<typeof remembered<string>>;
  readonly meter: RequestMeter | undefined;
}

function portFor(view: View): BusinessCentral {
  const client = clientFor(view);
  return {
    metered: (meter) => portFor({ ...view, meter }),
    company: () => view.company(() => findCompany(client, view.options.company)),
    hasCompanionApp: async () => (await companionApp(view, client)).installed,
    hasCompanionSet: (entitySet) => hasCompanionSet(view, client, entitySet),
    companionProperties: (entitySet) => companionProperties(view, client, entitySet),
    standardProperties: async (entitySet) =>
      (await view.standardSets(() => readStandardSets(client))).get(entitySet) ?? new Set(),
    localCurrencyCode: () => view.localCurrency(() => readLocalCurrencyCode(client)),
    readChanges: (request) => readChanges(client, request),
    readByIds: (selection, ids) => readByIds(client, selection, ids),
    existing: (set, ids) => existing(client, set, ids),
    readByValues: (selection, property, values) => readByValues(client, selection, property, values),
    readRows: (request) => readRows(client, request),
    readRowsByFilters: (request) => readRowsByFilters(client, request),
    readLines: (request) => readLines(client, request),
    writeLines: (entitySet, writes) => writeLines(client, entitySet, writes),
    rewriteDocuments: (selection, lineEntitySet, rewrites) =>
      rewriteDocuments(client, selection, lineEntitySet, rewrites),
    create: (selection, inserts) => create(client, selection, inserts),
    update: (selection, updates) => update(client, selection, updates),
    act: (action, ids) => actOn(client, action, ids),
    delete: (selection, records) => deleteRecords(client, selection, records),
  };
}

function companionApp(view: View, client: Client): Promise<CompanionApp> {
  return view.companionApp(() => findCompanionApp(client));
}

/** A set the route does not list is asked itself, because listing is not what the route is for. */
async function hasCompanionSet(view: View, client: Client, entitySet: string): Promise<boolean> {
  const { installed, sets } = await companionApp(view, client);
  if (!installed || sets.has(entitySet)) return installed;
  const remembers = view.companionSets.get(entitySet) ?? view.rememberSet();
  view.companionSets.set(entitySet, remembers);
  return remembers(() => companionSetAnswers(client, entitySet));
}

function companionProperties(view: View, client: Client, entitySet: string): Promise<ReadonlySet<string>> {
  const remembers = view.companionProperties.get(entitySet) ?? view.rememberProperties();
  view.companionProperties.set(entitySet, remembers);
  return remembers(() => companionPropertiesOf(client, entitySet));
}

function clientFor(view: View): Client {
  const { options } = view;
  const client: Client = {
    baseUrl: options.baseUrl,
    transport: options.transport,
    meter: view.meter,
    pageSize: options.pageSize ?? 5_000,
    batchSize: options.batchSize ?? 100,
    log: options.log,
    now: options.now,
    companyPath: async () => {
      const known = companyIdOf(options.company);
      const id = known ?? (await view.company(() => findCompany(client, options.company))).id;
      return companyPath(id);
    },
  };
  return client;
}
