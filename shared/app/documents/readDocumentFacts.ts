/** Reads everything the documents of one page refer to, with a number of requests that does not depend on how many they are. */
import { type DataverseId, dataverseId, isGuid } from '../../domain/common/ids.ts';
import type { DataverseRow } from '../../domain/common/records.ts';
import type { DocumentFacts, OptionFacts, SalesDocument } from '../../domain/documents/documentFacts.ts';
import { canonicalText } from '../../domain/sync/values.ts';
import type { SyncPorts } from '../syncPorts.ts';
import type { CouplingBook } from './coupledRecords.ts';
import type { DocumentSetup } from './documentSetup.ts';

/** The facts of one page of documents, of either kind. */
export async function readDocumentFacts(
  ports: SyncPorts,
  couplings: CouplingBook,
  setup: DocumentSetup,
  documents: readonly SalesDocument[],
): Promise<DocumentFacts> {
  const headers = documents.map(({ header }) => header);
  const lines = documents.flatMap((document) => document.lines);
  const productIds = valuesOf(lines, 'productid');
  const [partners, products, currencies, items, resources, units, options] = await Promise.all([
    readPartners(ports, couplings, headers),
    readById(ports, 'product', ['name', 'statecode', 'producttypecode'], productIds),
    readById(ports, 'transactioncurrency', ['isocurrencycode'], valuesOf(headers, 'transactioncurrencyid')),
    couplings.recordsOf('ITEM-PRODUCT', productIds, ['number', 'displayName', 'type', 'priceIncludesTax']),
    couplings.recordsOf('RESOURCE-PRODUCT', productIds, ['number', 'name']),
    readUnits(couplings, lines),
    readOptions(ports, couplings, headers),
  ]);
  return { ...setup, ...partners, products, currencies, items, resources, units, options };
}

async function readPartners(
  ports: SyncPorts,
  couplings: CouplingBook,
  headers: readonly DataverseRow[],
): Promise<Pick<DocumentFacts, 'accounts' | 'contacts' | 'customers'>> {
  const isContact = ({ lookupTables }: DataverseRow) => lookupTables['customerid'] === 'contact';
  const contacts = await readById(
    ports,
    'contact',
    ['parentcustomerid'],
    valuesOf(headers.filter(isContact), 'customerid'),
  );
  const accountIds = [
    ...valuesOf(
      headers.filter((header) => !isContact(header)),
      'customerid',
    ),
    ...valuesOf([...contacts.values()], 'parentcustomerid'),
  ];
  const [accounts, customers] = await Promise.all([
    readById(ports, 'account', ['name', 'customertypecode'], accountIds),
    couplings.recordsOf('CUSTOMER', accountIds, ['number']),
  ]);
  return { accounts, contacts, customers };
}

/** Units matter only where items and resources have unit groups of their own (D-53). */
async function readUnits(
  couplings: CouplingBook,
  lines: readonly DataverseRow[],
): Promise<DocumentFacts['units']> {
  if (!couplings.find('UNIT GROUP')) return null;
  const ids = valuesOf(lines, 'uomid');
  const [items, resources] = await Promise.all([
    couplings.recordsOf('ITEM UOM', ids, ['code', 'itemNumber']),
    couplings.recordsOf('RESOURCE UOM', ids, ['code', 'resourceNumber']),
  ]);
  return { items, resources };
}

async function readOptions(
  ports: SyncPorts,
  couplings: CouplingBook,
  headers: readonly DataverseRow[],
): Promise<OptionFacts> {
  const numbers = (attribute: string) => valuesOf(headers, attribute).map(Number);
  const [paymentTerms, shipmentMethods, agents] = await Promise.all([
    couplings.optionsOf('PAYMENT TERMS', numbers('paymenttermscode')),
    couplings.optionsOf('SHIPMENT METHOD', numbers('freighttermscode')),
    couplings.optionsOf('SHIPPING AGENT', numbers('shippingmethodcode')),
  ]);
  const agentIds = [...new Set(agents.values())];
  const isReadable = agentIds.length > 0 && (await ports.businessCentral.hasCompanionSet('shippingAgents'));
  const selection = {
    entitySet: 'shippingAgents',
    route: 'companion',
    properties: ['code'],
    companions: [],
  } as const;
  const rows = isReadable ? await ports.businessCentral.readByIds(selection, agentIds) : [];
  const codes = new Map(rows.map(({ id, values }) => [id, canonicalText(values['code'])]));
  const shippingAgents = new Map(
    [...agents].flatMap(([number, id]) => {
      const code = codes.get(id);
      return code === undefined ? [] : [[number, code] as const];
    }),
  );
  return { paymentTerms, shipmentMethods, shippingAgents };
}

async function readById(
  { dataverse }: SyncPorts,
  table: string,
  attributes: readonly string[],
  ids: readonly string[],
): Promise<ReadonlyMap<string, DataverseRow>> {
  const wanted: readonly DataverseId[] = ids.filter(isGuid).map(dataverseId);
  if (wanted.length === 0) return new Map();
  const rows = await dataverse.readByIds({ table, attributes }, wanted);
  return new Map(rows.map((row) => [row.id, row]));
}

function valuesOf(rows: readonly DataverseRow[], attribute: string): readonly string[] {
  const values = rows.map(({ values: own }) => canonicalText(own[attribute]));
  return [...new Set(values)].filter((value) => value !== '');
}
