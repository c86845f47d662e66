import { describe, expect, it } from 'vitest';
import { row } from '../../../test/builders/records.ts';
import type { FieldValues } from '../common/records.ts';
import {
  assetUnit,
  groupNameOfAsset,
  groupNameOfUnit,
  type SalesUnitGroup,
  type SalesUnitGroups,
  unitOfMeasureUnit,
} from './salesUnits.ts';

const pieces = { name: 'PCS', quantity: 1, isschedulebaseuom: true };

function group(name: string, units: readonly FieldValues[], statecode = 0): SalesUnitGroup {
  return { row: row({ name, statecode }, 1), units: units.map((values, index) => row(values, 10 + index)) };
}

function named(...groups: readonly SalesUnitGroup[]): SalesUnitGroups {
  const byName = new Map<string, SalesUnitGroup[]>();
  for (const each of groups) {
    const key = String(each.row.values['name']).toLowerCase();
    byName.set(key, [...(byName.get(key) ?? []), each]);
  }
  return byName;
}

describe('names of unit groups', () => {
  it('are "NAV " and the code, cut to 200 characters (E-94)', () => {
    expect(groupNameOfUnit('PCS')).toBe('NAV PCS');
    expect(groupNameOfUnit('X'.repeat(300))).toHaveLength(200);
  });

  it('tell kind and number where each item and resource has a group of its own (E-94)', () => {
    expect(groupNameOfAsset('Item', '1000')).toBe('ITEM 1000 UOM GR');
    expect(groupNameOfAsset('Resource', 'LINA')).toBe('RESOURCE LINA UOM GR');
  });
});

describe('the unit a product needs', () => {
  it('is the one unit of the group of its code (E-94)', () => {
    const found = unitOfMeasureUnit(named(group('NAV PCS', [pieces])), 'PCS');
    expect(found).toMatchObject({ kind: 'unit', group: { table: 'uomschedule' }, unit: { table: 'uom' } });
  });

  it.each([
    ['unit-group-not-found', []],
    ['unit-group-not-found', [group('NAV PCS', [pieces]), group('NAV PCS', [pieces])]],
    ['unit-group-inactive', [group('NAV PCS', [pieces], 1)]],
    ['unit-group-empty', [group('NAV PCS', [])]],
    ['unit-group-many-units', [group('NAV PCS', [pieces, { ...pieces, name: 'BOX' }])]],
    ['unit-name-mismatch', [group('NAV PCS', [{ ...pieces, name: 'pcs' }])]],
    ['unit-not-base', [group('NAV PCS', [{ ...pieces, isschedulebaseuom: false }])]],
    ['unit-quantity-not-one', [group('NAV PCS', [{ ...pieces, quantity: 12 }])]],
  ] as const)('is refused as %s, and its product waits (E-94)', (code, groups) => {
    const found = unitOfMeasureUnit(named(...groups), 'PCS');
    expect(found).toMatchObject({ kind: 'problem', problem: { code, kind: 'dependency' } });
  });

  it.each([
    ['unit-group-not-found', []],
    ['unit-group-inactive', [group('ITEM 1000 UOM GR', [pieces], 1)]],
    ['item-unit-not-coupled', [group('ITEM 1000 UOM GR', [{ ...pieces, name: 'BOX' }])]],
  ] as const)("is refused as %s in a group of the item's own (E-94)", (code, groups) => {
    const found = assetUnit(named(...groups), { assetType: 'Item', number: '1000' }, 'PCS');
    expect(found).toMatchObject({ kind: 'problem', problem: { code } });
  });

  it("is found by name among several units of the item's own group (E-94)", () => {
    const units = [pieces, { name: 'BOX', quantity: 12, isschedulebaseuom: false }];
    const groups = named(group('ITEM 1000 UOM GR', units));
    expect(assetUnit(groups, { assetType: 'Item', number: '1000' }, 'box').kind).toBe('unit');
  });
});
