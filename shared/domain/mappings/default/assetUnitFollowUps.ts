/** After a unit is written: its line on the default price list, at the product's price times its quantity (E-103). */
import { dataverseId } from '../../common/ids.ts';
import type { RuleContext } from '../../sync/entityRule.ts';
import {
  type DoneRecord,
  type FollowUpOutcome,
  noFollowUps,
  type RelatedRead,
  type RelatedRecords,
} from '../../sync/followUps.ts';
import { canonicalText, roundTo } from '../../sync/values.ts';
import { lineAttributes, lineWrites } from './defaultPriceLines.ts';
import { lineKey, listReads } from './defaultPriceList.ts';

type DataverseRead = Extract<RelatedRead, { side: 'dataverse' }>;
const priceDecimals = 2;

function groupOf({ dataverse }: DoneRecord): string {
  return canonicalText(dataverse.values['uomscheduleid']);
}

function productRead(done: DoneRecord): DataverseRead {
  const attributes = ['price', 'pricelevelid'];
  const attribute = 'defaultuomscheduleid';
  return { side: 'dataverse', table: 'product', attributes, attribute, value: groupOf(done) };
}

function linesRead({ dataverse }: DoneRecord): DataverseRead {
  const attributes = [...lineAttributes];
  return {
    side: 'dataverse',
    table: 'productpricelevel',
    attributes,
    attribute: 'uomid',
    value: dataverse.id,
  };
}

/** The product that has the unit's group, the default list, and the lines of the unit. */
export function assetUnitReads(done: DoneRecord, context: RuleContext): readonly RelatedRead[] {
  return [...listReads(context.companyId, context.localCurrencyCode), productRead(done), linesRead(done)];
}

/** Until the product and the default list are there nothing is written: the product's own follow-ups make the line. */
export function assetUnitFollowUps(
  done: DoneRecord,
  related: RelatedRecords,
  { companyId, localCurrencyCode }: RuleContext,
): FollowUpOutcome {
  const [product] = related.rows(productRead(done));
  const listed = listReads(companyId, localCurrencyCode).flatMap((read) => related.rows(read));
  const list = listed.find(({ id }) => id === product?.values['pricelevelid']);
  if (!product || !list) return noFollowUps;
  const { dataverse } = done;
  const quantity = Number(dataverse.values['quantity'] ?? 1);
  const wanted = {
    id: lineKey(companyId, dataverse.id),
    list: list.id,
    product: { table: 'product', id: product.id },
    unit: { table: 'uom', id: dataverse.id },
    group: { table: 'uomschedule', id: dataverseId(groupOf(done)) },
    amount: roundTo(Number(product.values['price'] ?? 0) * quantity, priceDecimals),
  };
  return { kind: 'writes', writes: lineWrites(related.rows(linesRead(done)), wanted) };
}
