import { describe, expect, it } from 'vitest';
import { defaultMappings } from '../mappings/catalog.ts';
import { availableQuantity, quantityField } from './itemAvailability.ts';

const item = defaultMappings('person').find(({ name }) => name === 'ITEM-PRODUCT');

describe('the quantity on hand', () => {
  it('is the inventory, and 0 below zero or when unknown (ST-35)', () => {
    expect([12.5, 0, -3, undefined, null].map(availableQuantity)).toEqual([12.5, 0, 0, 0, 0]);
  });

  it('is a field of the default item mapping, unless it is switched off (ST-32, ST-33)', () => {
    expect(quantityField(item)?.dataverse?.attribute).toBe('quantityonhand');
    const fields = item?.fields.map((field) => ({ ...field, enabled: false })) ?? [];
    expect(item && quantityField({ ...item, fields })).toBeNull();
    expect(item && quantityField({ ...item, enabled: false })).toBeNull();
    expect(quantityField(undefined)).toBeNull();
  });
});
