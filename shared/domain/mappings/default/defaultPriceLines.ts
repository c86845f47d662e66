/** A line of the default price list: what makes it right (E-103). */
import type { DataverseRow, DataverseWriteValue, LookupReference } from '../../common/records.ts';
import { isLookupReference } from '../../common/records.ts';
import type { FollowUpWrite } from '../../sync/followUps.ts';
import { canonicalText } from '../../sync/values.ts';
import type { RuleOption } from '../optionUses.ts';

/** The phase of writes to lines: after the list and the product's units. */
export const linePhase = 3;
const currencyAmount = 1;

/** The number lines of the default list rely on: prices are amounts (D-14). */
export const defaultLineOption: RuleOption = {
  column: { table: 'productpricelevel', attribute: 'pricingmethodcode' },
  value: currencyAmount,
  state: null,
};

/** Columns read of price lines. */
export const lineAttributes = ['pricelevelid', 'uomid', 'uomscheduleid', 'amount'] as const;

/** A line a product should have on the default list. */
export interface WantedLine {
  readonly id: LookupReference['id'];
  readonly group: LookupReference;
  readonly unit: LookupReference;
  readonly amount: number;
}

/** What makes one line right: nothing, an update of what differs, or a new line. */
export function lineWrites(
  rows: readonly DataverseRow[],
  wanted: WantedLine & { readonly list: LookupReference['id']; readonly product: LookupReference },
): readonly FollowUpWrite[] {
  const { id, list, product, group, unit, amount } = wanted;
  const ofList = rows.filter((row) => row.values['pricelevelid'] === list);
  const known = ofList.find((row) => row.values['uomid'] === unit.id) ?? ofList.find((row) => row.id === id);
  const table = 'productpricelevel';
  const values = { uomid: unit, uomscheduleid: group, amount };
  if (known) {
    const differing = differences(known, values);
    if (Object.keys(differing).length === 0) return [];
    return [{ kind: 'updateRow', phase: linePhase, table, row: known, values: differing }];
  }
  const created = {
    ...values,
    pricelevelid: { table: 'pricelevel', id: list },
    productid: product,
    pricingmethodcode: currencyAmount,
  };
  return [{ kind: 'createRow', phase: linePhase, table, id, values: created }];
}

function differences(
  row: DataverseRow,
  values: Readonly<Record<string, DataverseWriteValue>>,
): Readonly<Record<string, DataverseWriteValue>> {
  const isSame = ([name, value]: [string, DataverseWriteValue]) =>
    canonicalText(isLookupReference(value) ? value.id : value) === canonicalText(row.values[name]);
  return Object.fromEntries(Object.entries(values).filter((entry) => !isSame(entry)));
}
