/** The prices of a price group or price list, as far as its header depends on them (E-105). */
import type { FieldValues } from '../common/records.ts';
import { asCode, canonicalText } from './values.ts';

/** Kinds of products a price can be for. */
export const assetTypes = ['Item', 'Resource'] as const;
export type AssetType = (typeof assetTypes)[number];

export interface GroupPrice {
  readonly id: string;
  readonly assetType: AssetType;
  readonly number: string;
  /** '' for the local currency. */
  readonly currencyCode: string;
  /** '' for the base unit of the item or resource. */
  readonly unitCode: string;
}

/** The key of an item or resource among both. */
export function assetKey(assetType: AssetType, number: string): string {
  return `${assetType}|${asCode(number)}`;
}

/** What a price is for: classic sales prices are for items, lines of price lists tell their kind. */
export function assetOf(values: FieldValues): { readonly assetType: AssetType; readonly number: string } {
  const number = asCode(canonicalText(values['itemNumber'] ?? values['assetNumber']));
  return { assetType: values['assetType'] === 'Resource' ? 'Resource' : 'Item', number };
}

/** A price as read. */
export function groupPriceOf(id: string, values: FieldValues): GroupPrice {
  return {
    id,
    ...assetOf(values),
    currencyCode: asCode(canonicalText(values['currencyCode'])),
    unitCode: asCode(canonicalText(values['unitOfMeasureCode'])),
  };
}
