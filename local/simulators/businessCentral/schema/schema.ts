/** The entity sets the simulator serves: the schema file with the companion overlay on top. */
import { addedStandardSets } from './addedStandardSets.ts';
import file from './business-central-entities.json' with { type: 'json' };
import { columnOf, isCode, isComputed, tableNameOf } from './columns.ts';
import {
  companionRoute,
  type EntityModel,
  type PropertyModel,
  type Route,
  runtimeRoute,
  standardRoute,
  type Value,
} from './entityModel.ts';
import {
  addedProperties,
  addedSets,
  insertOnlyProperties,
  permissions,
  writableProperties,
} from './overlay.ts';

/** A property with what the engine derives from the schema once. */
export interface Property extends PropertyModel {
  readonly column: string;
  readonly computed: boolean;
  readonly code: boolean;
  readonly blank: Value;
}

/** An entity set ready to serve. */
export interface EntitySet extends Omit<EntityModel, 'properties' | 'route'> {
  readonly route: Route;
  readonly table: string;
  readonly properties: readonly Property[];
  readonly property: ReadonlyMap<string, Property>;
}

export const zeroGuid = '00000000-0000-0000-0000-000000000000';
export const blankDate = '0001-01-01';

/** The blank value of a property as it travels (section 3.5). */
export function blankValue(property: PropertyModel): Value {
  if (property.values && property.enum) {
    return property.values.includes('_x0020_') ? '_x0020_' : (property.values[0] ?? '');
  }
  switch (property.type) {
    case 'Edm.Guid':
      return zeroGuid;
    case 'Edm.Boolean':
      return false;
    case 'Edm.Decimal':
    case 'Edm.Int32':
    case 'Edm.Int64':
      return 0;
    case 'Edm.Date':
      return blankDate;
    case 'Edm.DateTimeOffset':
      return `${blankDate}T00:00:00Z`;
    default:
      return property.alType === 'Option' ? (property.values?.[0] ?? '') : '';
  }
}

function withOverlay(entity: EntityModel): EntityModel {
  const set = entity.entitySet;
  const properties = [...entity.properties, ...(addedProperties[set] ?? [])].map((property) => ({
    ...property,
    ...(writableProperties[set]?.includes(property.name) ? { readOnly: false } : {}),
    ...(insertOnlyProperties[set]?.includes(property.name) ? { writableOnInsert: true } : {}),
  }));
  return { ...entity, ...permissions[set], properties };
}

function ready(entity: EntityModel, route: Route): EntitySet {
  const properties = entity.properties
    .filter((property) => property.type !== 'Edm.Stream')
    .map((property) => ({
      ...property,
      column: columnOf(entity.entitySet, property),
      computed: isComputed(property),
      code: isCode(property),
      blank: blankValue(property),
    }));
  const property = new Map(properties.map((each) => [each.name, each]));
  return { ...entity, route, table: tableNameOf(entity), properties, property };
}

function routeOf(entity: EntityModel): Route {
  return entity.route === runtimeRoute ? runtimeRoute : standardRoute;
}

const standard = [...(file.entities as readonly EntityModel[]), ...addedStandardSets];
const companion = [...(file.custom.entities as readonly EntityModel[]), ...addedSets];

/** Every served entity set. */
export const entitySets: readonly EntitySet[] = [
  ...standard.map((entity) => ready(withOverlay(entity), routeOf(entity))),
  ...companion.map((entity) => ready(withOverlay(entity), companionRoute)),
];

const byName = new Map(entitySets.map((set) => [set.entitySet, set]));

const inReference = new Map(
  [
    ...(file.entities as readonly EntityModel[]).map((entity) => ready(entity, routeOf(entity))),
    ...(file.custom.entities as readonly EntityModel[]).map((entity) => ready(entity, companionRoute)),
  ].map((set) => [set.entitySet, set]),
);

/** The set with what the schema file says of it and nothing else; undefined for sets the file does not list. */
export function referenceSet(name: string): EntitySet | undefined {
  return inReference.get(name);
}

/** The set of that name on any route; set names are unique over the routes served here. */
export function findSet(name: string): EntitySet | undefined {
  return byName.get(name);
}

/** Like {@link findSet}; throws for a name that is not in the schema (a mistake of the caller). */
export function requireSet(name: string): EntitySet {
  const set = byName.get(name);
  if (!set) throw new Error(`There is no entity set "${name}".`);
  return set;
}

/** All pages over one stored table. */
export function setsOfTable(table: string): readonly EntitySet[] {
  return entitySets.filter((set) => set.table === table);
}
