/** Set-up of Business Central's sales that decides about products and price lists. */

import type { FieldValues } from '../common/records.ts';
import type { WriteInProduct } from '../documents/documentSettings.ts';
import { asCode, canonicalText, isBlank } from './values.ts';

/** What the set-up says; a company without the page of the companion app counts as not set up. */
export interface SalesSetup {
  /** The item or resource that stands for write-in lines; it is never synchronised as a product. */
  readonly writeInProduct: WriteInProduct | null;
  /** Whether there is a default price list: then only lists that allow updating defaults are synchronised. */
  readonly hasDefaultPriceList: boolean;
}

/** Reads the row of the set-up page. */
export function salesSetupOf(row: FieldValues | undefined): SalesSetup {
  const number = asCode(canonicalText(row?.['writeInProductNumber']));
  const type = row?.['writeInProductType'] === 'Resource' ? 'Resource' : 'Item';
  return {
    writeInProduct: number === '' ? null : { type, number },
    hasDefaultPriceList: !isBlank(row?.['defaultPriceListCode']),
  };
}
