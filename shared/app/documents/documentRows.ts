/** Reads documents of Sales with their lines, in bulk. */
import type { DataverseId } from '../../domain/common/ids.ts';
import type { DataverseRow } from '../../domain/common/records.ts';
import type { SalesDocument } from '../../domain/documents/documentFacts.ts';
import { type DocumentType, namesOf } from '../../domain/documents/documentType.ts';
import { occurrenceColumn } from '../../domain/documents/occurrence.ts';
import { canonicalText } from '../../domain/sync/values.ts';
import type { DataverseSelection } from '../../ports/dataverse.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** The columns of a Sales order that tell its order in Business Central. */
export const numberColumn = 'bcbi_businesscentralordernumber';

const addressColumns = ['line1', 'line2', 'postalcode', 'city', 'country', 'stateorprovince'];

const headerColumns = [
  ...['name', 'customerid', 'transactioncurrencyid', 'description', 'quoteid', 'statecode', 'statuscode'],
  ...['requestdeliveryby', 'effectiveto', 'revisionnumber', 'lastbackofficesubmit', 'bcbi_companyid'],
  ...['shippingmethodcode', 'paymenttermscode', 'freighttermscode'],
  ...[
    'discountamount',
    'discountpercentage',
    'freightamount',
    'totallineitemamount',
    'totalamountlessfreight',
  ],
  ...[numberColumn, occurrenceColumn],
  'shipto_name',
  ...addressColumns.flatMap((column) => [`billto_${column}`, `shipto_${column}`]),
];

const lineColumns = [
  ...['sequencenumber', 'lineitemnumber', 'productid', 'uomid', 'description', 'productdescription'],
  ...['quantity', 'priceperunit', 'volumediscountamount', 'manualdiscountamount', 'baseamount'],
];

/** The columns of the header that this organisation has; columns of a missing solution are left out. */
export async function headerSelection(
  { dataverse }: SyncPorts,
  type: DocumentType,
): Promise<DataverseSelection> {
  const { headerTable, numberAttribute } = namesOf(type);
  const { attributes } = await dataverse.table(headerTable);
  const wanted = [numberAttribute, ...headerColumns];
  return { table: headerTable, attributes: wanted.filter((column) => attributes[column] !== undefined) };
}

/** The headers of these ids that exist, in the order of the ids. */
export async function readHeaders(
  ports: SyncPorts,
  type: DocumentType,
  ids: readonly DataverseId[],
): Promise<readonly DataverseRow[]> {
  const rows = await ports.dataverse.readByIds(await headerSelection(ports, type), ids);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** The documents of these headers; one request group for the lines of all. */
export async function withLines(
  { dataverse }: SyncPorts,
  type: DocumentType,
  headers: readonly DataverseRow[],
): Promise<readonly SalesDocument[]> {
  const { lineTable, lineLink } = namesOf(type);
  const selection = { table: lineTable, attributes: [lineLink, ...lineColumns] };
  const ids = headers.map(({ id }) => id);
  const lines = await dataverse.readByValues(selection, lineLink, ids);
  return headers.map((header) => ({
    header,
    lines: lines.filter(({ values }) => canonicalText(values[lineLink]).toLowerCase() === header.id),
  }));
}
