/** What a page of the companion app is made of, decided before it is written as AL. */

import { navigations } from '../simulators/businessCentral/schema/relations.ts';
import type { EntitySet, Property } from '../simulators/businessCentral/schema/schema.ts';
import type { GatheredSource } from './documentNotes.ts';
import { boundActions, type ComputedValue, computedValues, fieldNames, pageSources } from './recipes.ts';

/** One control of a page. */
export interface PageField {
  readonly property: string;
  /** Field of the source table; null = computed. */
  readonly field: string | null;
  readonly computed: ComputedValue | null;
  readonly editable: boolean;
  readonly insertOnly: boolean;
}

/** Records of another page below one of this page. */
export interface PagePart {
  readonly name: string;
  readonly entityName: string;
  readonly entitySet: string;
  /** Field of the other page, and the field of this one that it equals. */
  readonly link: { readonly theirs: string; readonly ours: string };
}

/** A page before it is written. */
export interface PageModel {
  readonly entitySet: string;
  readonly entityName: string;
  readonly table: string;
  readonly view: string | null;
  /** Null for a page that stands on its table directly. */
  readonly gathered: GatheredSource | null;
  readonly insertAllowed: boolean;
  readonly modifyAllowed: boolean;
  readonly deleteAllowed: boolean;
  readonly fields: readonly PageField[];
  readonly parts: readonly PagePart[];
  readonly actions: readonly string[];
}

/** The page of a set. Throws with every property, part and action that nothing is known about. */
export function pageModel(set: EntitySet, sets: readonly EntitySet[]): PageModel {
  const problems = [...unknownComputed(set), ...unknownActions(set)];
  if (problems.length > 0)
    throw new Error(`local/businessCentralApp/recipes.ts lacks ${problems.join(', ')}.`);
  const source = pageSources[set.entitySet];
  return {
    entitySet: set.entitySet,
    entityName: set.entityType,
    table: source?.table ?? set.sourceTable,
    view: source?.view ?? null,
    gathered: source?.gathered ?? null,
    insertAllowed: set.insertAllowed,
    modifyAllowed: set.modifyAllowed,
    deleteAllowed: set.deleteAllowed,
    fields: set.properties.map((property) => pageField(set, property)),
    parts: set.navigation.flatMap(({ name }) => part(set, name, sets)),
    actions: set.boundActions.map(({ name }) => name),
  };
}

function keyOf({ entitySet }: EntitySet, name: string): string {
  return `${entitySet}.${name}`;
}

function unknownComputed(set: EntitySet): readonly string[] {
  const keys = set.properties.filter(({ computed }) => computed).map(({ name }) => keyOf(set, name));
  return keys.filter((key) => !(key in computedValues || key in fieldNames));
}

function unknownActions(set: EntitySet): readonly string[] {
  return set.boundActions.map(({ name }) => keyOf(set, name)).filter((key) => !(key in boundActions));
}

function pageField(set: EntitySet, property: Property): PageField {
  const key = keyOf(set, property.name);
  const computed = computedValues[key] ?? null;
  const insertOnly = property.writableOnInsert === true;
  const writable = !property.readOnly || insertOnly;
  return {
    property: property.name,
    field: computed === null ? (fieldNames[key] ?? property.source ?? property.name) : null,
    computed,
    editable: writable && (computed === null || computed.write !== undefined),
    // A property that may be changed later, too, needs no guard.
    insertOnly: insertOnly && property.readOnly,
  };
}

function part(set: EntitySet, name: string, sets: readonly EntitySet[]): readonly PagePart[] {
  const navigation = navigations[set.entitySet]?.[name];
  const target = sets.find(({ entitySet }) => entitySet === navigation?.set);
  if (navigation === undefined || target === undefined) return [];
  const ours = set.property.get(navigation.ours)?.source ?? '';
  const theirs = target.property.get(navigation.theirs)?.source ?? '';
  return [{ name, entityName: target.entityType, entitySet: target.entitySet, link: { theirs, ours } }];
}
