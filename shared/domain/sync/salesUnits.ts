/** Unit groups and units of Sales that products and prices need (E-94). */
import { dataverseId } from '../common/ids.ts';
import type { DataverseRow, LookupReference } from '../common/records.ts';
import type { AssetType } from './groupPrices.ts';
import { type ProblemCode, problem, type RecordProblem } from './problems.ts';
import { asCode, canonicalText, cut } from './values.ts';

/** A unit group with its units. */
export interface SalesUnitGroup {
  readonly row: DataverseRow;
  readonly units: readonly DataverseRow[];
}

/** Unit groups by lower-case name; a name may stand for several. */
export type SalesUnitGroups = ReadonlyMap<string, readonly SalesUnitGroup[]>;

/** Columns that are read of a unit group and of a unit. */
export const unitGroupAttributes = ['name', 'statecode'] as const;
export const unitAttributes = ['name', 'quantity', 'isschedulebaseuom', 'uomscheduleid'] as const;

const longestGroupName = 200;
const inactive = 1;

/** The group of a unit of measure: `NAV PCS` (E-94). */
export function groupNameOfUnit(code: string): string {
  return cut(`NAV ${asCode(code)}`, longestGroupName);
}

/** The group of an item or resource where each has its own: `ITEM 1000 UOM GR`. */
export function groupNameOfAsset(assetType: AssetType, number: string): string {
  return cut(`${assetType.toUpperCase()} ${asCode(number)} UOM GR`, longestGroupName);
}

/** A unit with its group, as references to write, or what is wrong with them. */
export type SalesUnit =
  | { readonly kind: 'unit'; readonly group: LookupReference; readonly unit: LookupReference }
  | { readonly kind: 'problem'; readonly problem: RecordProblem };

function referenceTo(table: 'uomschedule' | 'uom', row: DataverseRow): LookupReference {
  return { table, id: dataverseId(row.id) };
}

/** Where the unit is set right elsewhere, the record that needs it waits as a dependency. */
function wrong(code: ProblemCode, message: string, parameters: readonly string[]): SalesUnit {
  return { kind: 'problem', problem: problem(code, { message, parameters, kind: 'dependency' }) };
}

function groupNamed(groups: SalesUnitGroups, name: string): SalesUnitGroup | SalesUnit {
  const found = groups.get(name.toLowerCase()) ?? [];
  const [only] = found;
  if (only && found.length === 1) return only;
  const count = found.length === 0 ? 'no unit group' : `${found.length} unit groups`;
  return wrong('unit-group-not-found', `There is ${count} named "${name}" in Sales.`, [name]);
}

/** The one unit of the group `NAV <code>`: named like the code as stored, base unit, quantity 1 (E-94). */
export function unitOfMeasureUnit(groups: SalesUnitGroups, code: string): SalesUnit {
  const name = groupNameOfUnit(code);
  const group = groupNamed(groups, name);
  if ('kind' in group) return group;
  const problemOfGroup = groupProblem(group);
  if (problemOfGroup) return { kind: 'problem', problem: { ...problemOfGroup, kind: 'dependency' } };
  const [unit] = group.units;
  const isNamed = unit?.values['name'] === code;
  if (!unit || !isNamed) {
    const actual = canonicalText(unit?.values['name']);
    return wrong('unit-name-mismatch', `The unit of "${name}" is named "${actual}", not "${code}".`, [code]);
  }
  if (unit.values['isschedulebaseuom'] !== true)
    return wrong('unit-not-base', `The unit "${code}" is not the base unit of "${name}".`, [code]);
  if (Number(unit.values['quantity']) !== 1)
    return wrong('unit-quantity-not-one', `The quantity of the unit "${code}" of "${name}" is not 1.`, [
      code,
    ]);
  return { kind: 'unit', group: referenceTo('uomschedule', group.row), unit: referenceTo('uom', unit) };
}

/** What keeps a group of one unit of measure from being used; null when nothing does (E-94). */
export function groupProblem({ row, units }: SalesUnitGroup): RecordProblem | null {
  const name = canonicalText(row.values['name']);
  if (row.values['statecode'] === inactive) {
    return problem('unit-group-inactive', {
      message: `The unit group "${name}" is inactive.`,
      parameters: [name],
    });
  }
  if (units.length > 1) {
    const message = `The unit group "${name}" has ${units.length} units; it may have one only.`;
    return problem('unit-group-many-units', { message, parameters: [name] });
  }
  if (units.length === 1) return null;
  return problem('unit-group-empty', {
    message: `The unit group "${name}" has no unit.`,
    parameters: [name],
  });
}

/** A unit of the group an item or resource has to itself (E-94, unit-group mode). */
export function assetUnit(
  groups: SalesUnitGroups,
  asset: { readonly assetType: AssetType; readonly number: string },
  code: string,
): SalesUnit {
  const name = groupNameOfAsset(asset.assetType, asset.number);
  const group = groupNamed(groups, name);
  if ('kind' in group) return group;
  if (group.row.values['statecode'] === inactive)
    return wrong('unit-group-inactive', `The unit group "${name}" is inactive.`, [name]);
  const unit = group.units.find(
    (candidate) => asCode(canonicalText(candidate.values['name'])) === asCode(code),
  );
  if (!unit)
    return wrong('item-unit-not-coupled', `The unit group "${name}" has no unit "${code}" yet.`, [
      name,
      code,
    ]);
  return { kind: 'unit', group: referenceTo('uomschedule', group.row), unit: referenceTo('uom', unit) };
}
