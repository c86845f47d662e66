/** The service document and `$metadata` (dataverse-web-api section 1). */
import type { Column, Schema, Table } from '../schema/schema.ts';

/** `GET /`: every set with its address. */
export function serviceDocument(base: string, schema: Schema): object {
  return {
    '@odata.context': `${base}/$metadata`,
    value: schema.tables.map((table) => ({ name: table.entitySet, kind: 'EntitySet', url: table.entitySet })),
  };
}

/** The CSDL of the served tables: types, keys, properties, navigation properties, sets, change tracking marks. */
export function csdl(schema: Schema): string {
  const types = schema.tables.map((table) => entityType(schema, table)).join('');
  const sets = schema.tables.map(entitySet).join('');
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>',
    '<Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">',
    types,
    `<EntityContainer Name="System">${sets}</EntityContainer>`,
    '</Schema></edmx:DataServices></edmx:Edmx>',
  ].join('');
}

function entityType(schema: Schema, table: Table): string {
  const properties = table.columns.map(property).join('');
  const singles = [...table.byNavigation].flatMap(([name, { target }]) =>
    schema.byName.has(target)
      ? [`<NavigationProperty Name="${name}" Type="mscrm.${target}" Nullable="true" />`]
      : [],
  );
  const collections = [...table.collections.values()].map(
    (relation) => `<NavigationProperty Name="${relation.name}" Type="Collection(mscrm.${relation.table})" />`,
  );
  return [
    `<EntityType Name="${table.logicalName}"><Key><PropertyRef Name="${table.primaryId}" /></Key>`,
    properties,
    ...singles,
    ...collections,
    '</EntityType>',
  ].join('');
}

function property(column: Column): string {
  const length = column.maxLength === null ? '' : ` MaxLength="${column.maxLength}"`;
  return `<Property Name="${column.property}" Type="${column.edm}"${length} />`;
}

function entitySet(table: Table): string {
  const tracking = table.changeTrackingEnabled
    ? '<Annotation Term="Org.OData.Capabilities.V1.ChangeTracking"><Record><PropertyValue Property="Supported" Bool="true" /></Record></Annotation>'
    : '';
  return `<EntitySet Name="${table.entitySet}" EntityType="Microsoft.Dynamics.CRM.${table.logicalName}">${tracking}</EntitySet>`;
}
