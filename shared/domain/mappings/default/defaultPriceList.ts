/** The price list that is kept for products' unit prices: found, or created once (E-103). */
import { businessCentralId, type DataverseId, emptyGuid, mappingName } from '../../common/ids.ts';
import type { DataverseRow, LookupReference } from '../../common/records.ts';
import { dataverseIdFor } from '../../couplings/dataverseIdFor.ts';
import { byId, type FollowUpWrite, type RelatedRead, type RelatedRecords } from '../../sync/followUps.ts';
import { canonicalText } from '../../sync/values.ts';

type DataverseRead = Extract<RelatedRead, { side: 'dataverse' }>;

/** Short name of the product the prices come from, and what the list is called after it. */
const listName = 'Business Central Default Price List';
const listOwner = mappingName('DEFAULT PRICE LIST');

/** The key of the list and its lines, always the same for a company, so that none is made twice. */
function keyOf(companyId: string, of: string = emptyGuid): DataverseId {
  return dataverseIdFor(companyId, listOwner, businessCentralId(of));
}

/** The key of a line the engine makes: of an item or resource, and of one of its units where it has several. */
export function lineKey(companyId: string, assetId: string): DataverseId {
  return keyOf(companyId, assetId);
}

function listRead(attribute: string, value: string): DataverseRead {
  const attributes = ['name', 'transactioncurrencyid'];
  return { side: 'dataverse', table: 'pricelevel', attributes, attribute, value };
}

function nameWith(localCode: string): string {
  return `${listName} ${localCode}`.trim();
}

/** What tells whether the list is there: by key, whatever a user renamed it to, and by either name. */
export function listReads(companyId: string, localCode: string): readonly DataverseRead[] {
  return [
    listRead(byId, keyOf(companyId)),
    listRead('name', listName),
    listRead('name', nameWith(localCode)),
  ];
}

/** The default price list, with the write that makes it where there is none. */
export interface DefaultPriceList {
  readonly id: DataverseId;
  readonly writes: readonly FollowUpWrite[];
}

/** Finds the list in the local currency. A list of that name in another currency gets company of one named after the code. */
export function defaultPriceList(
  related: RelatedRecords,
  company: { readonly companyId: string; readonly localCode: string; readonly currency: LookupReference },
): DefaultPriceList {
  const { companyId, localCode, currency } = company;
  const [ours, named = [], namedWithCode = []] = listReads(companyId, localCode).map((read) =>
    related.rows(read),
  );
  const isLocal = (row: DataverseRow) => canonicalText(row.values['transactioncurrencyid']) === currency.id;
  const found = [...(ours ?? []), ...[...named, ...namedWithCode].filter(isLocal)][0];
  if (found) return { id: found.id, writes: [] };
  const id = keyOf(companyId);
  const name = named.length > 0 ? nameWith(localCode) : listName;
  const values = { name, transactioncurrencyid: currency };
  return { id, writes: [{ kind: 'createRow', phase: 0, table: 'pricelevel', id, values }] };
}
