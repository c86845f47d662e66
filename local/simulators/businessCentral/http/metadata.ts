/** `$metadata`: the EDMX of a route, types in the namespace Microsoft.NAV (section 1). */
import { type EntitySet, findSet } from '../schema/schema.ts';

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function propertyElements(set: EntitySet): readonly string[] {
  return set.properties.map((property) => {
    const length = property.maxLength === undefined ? '' : ` MaxLength="${property.maxLength}"`;
    return `<Property Name="${property.name}" Type="${property.type}"${length}/>`;
  });
}

function navigationElements(set: EntitySet): readonly string[] {
  return set.navigation
    .filter((each) => findSet(each.entitySet ?? ''))
    .map((each) => {
      const type = `Microsoft.NAV.${each.entityType}`;
      const whole = each.multiplicity === '*' ? `Collection(${type})` : type;
      return `<NavigationProperty Name="${each.name}" Type="${whole}" ContainsTarget="true"/>`;
    });
}

function entityType(set: EntitySet): string {
  const content = [...propertyElements(set), ...navigationElements(set)].join('');
  return `<EntityType Name="${set.entityType}"><Key><PropertyRef Name="${set.key}"/></Key>${content}</EntityType>`;
}

function enumTypes(sets: readonly EntitySet[]): readonly string[] {
  const members = new Map<string, readonly string[]>();
  for (const set of sets) {
    for (const property of set.properties) {
      if (property.enum) members.set(property.type.replace('Microsoft.NAV.', ''), property.values ?? []);
    }
  }
  return [...members].map(([name, values]) => {
    const content = values
      .map((value, index) => `<Member Name="${escaped(value)}" Value="${index}"/>`)
      .join('');
    return `<EnumType Name="${name}">${content}</EnumType>`;
  });
}

function actions(sets: readonly EntitySet[]): readonly string[] {
  return sets.flatMap((set) =>
    set.boundActions.map(
      (action) =>
        `<Action Name="${action.name}" IsBound="true"><Parameter Name="bindingParameter" Type="Microsoft.NAV.${set.entityType}"/></Action>`,
    ),
  );
}

/** The EDMX text of a route that offers these sets. */
export function metadataDocument(sets: readonly EntitySet[]): string {
  const container = sets.map(
    (set) => `<EntitySet Name="${set.entitySet}" EntityType="Microsoft.NAV.${set.entityType}"/>`,
  );
  const types = [...sets.map(entityType), ...enumTypes(sets), ...actions(sets)].join('');
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>',
    '<Schema Namespace="Microsoft.NAV" xmlns="http://docs.oasis-open.org/odata/ns/edm">',
    types,
    `<EntityContainer Name="NAV">${container.join('')}</EntityContainer>`,
    '</Schema></edmx:DataServices></edmx:Edmx>',
  ].join('');
}
