/** What an administrator changed about a mapping, and the mapping that results. */
import { z } from 'zod';
import { fieldSettings, filterText, mappingSettings, mostEntries, template } from './mappingParts.ts';
import type { FieldMapping, TableMapping } from './model.ts';

const fieldId = z.string().min(1).max(128);

const fieldShape = {
  enabled: fieldSettings.enabled.exactOptional(),
  direction: fieldSettings.direction.exactOptional(),
  constant: fieldSettings.constant.exactOptional(),
  transformation: fieldSettings.transformation.exactOptional(),
  clearOnFailedSync: fieldSettings.clearOnFailedSync.exactOptional(),
  notNull: fieldSettings.notNull.exactOptional(),
  match: fieldSettings.match.exactOptional(),
} as const;

const shape = {
  syncOnlyCoupled: mappingSettings.syncOnlyCoupled.exactOptional(),
  direction: mappingSettings.direction.exactOptional(),
  businessCentralFilter: filterText('businessCentral').exactOptional(),
  dataverseFilter: filterText('dataverse').exactOptional(),
  updateConflict: mappingSettings.updateConflict.exactOptional(),
  conflictDetection: mappingSettings.conflictDetection.exactOptional(),
  deletionConflict: mappingSettings.deletionConflict.exactOptional(),
  eventDrivenRescheduling: mappingSettings.eventDrivenRescheduling.exactOptional(),
  templates: z.array(template).max(mostEntries).exactOptional(),
} as const;

/** Overrides as they are stored. A field that a later version of the mapping no longer has changes nothing. */
export const overridesSchema = z.strictObject({
  ...shape,
  fields: z
    .array(z.strictObject({ id: fieldId, ...fieldShape }))
    .max(mostEntries)
    .exactOptional(),
});

/** What was changed about a mapping; what is absent is as it always was. */
export type MappingOverrides = z.output<typeof overridesSchema>;
/** What was changed about one field. */
export type FieldOverride = NonNullable<MappingOverrides['fields']>[number];

/** The form of a change of this mapping: its own fields, each at most once, and nothing unknown (contract section 3). */
export function changeSchemaFor(mapping: TableMapping): z.ZodType<MappingOverrides> {
  const ids = new Set(mapping.fields.map(({ id }) => id));
  const known = fieldId.superRefine((id, context) => {
    if (ids.has(id)) return;
    const message = `names no field mapping of ${mapping.name}`;
    context.addIssue({ code: 'custom', message, params: { code: 'field-not-found' } });
  });
  const fields = z
    .array(z.strictObject({ id: known, ...fieldShape }))
    .max(mostEntries)
    .superRefine((all, context) => {
      for (const [index, { id }] of all.entries()) {
        if (all.findIndex((field) => field.id === id) === index) continue;
        const params = { code: 'duplicate-field' };
        context.addIssue({ code: 'custom', message: 'is given more than once', path: [index, 'id'], params });
      }
    });
  return z.strictObject({ ...shape, fields: fields.exactOptional() });
}

/** Earlier overrides with a change upon them, field by field. Pure. */
export function mergedOverrides(earlier: MappingOverrides, change: MappingOverrides): MappingOverrides {
  const fields = new Map<string, FieldOverride>((earlier.fields ?? []).map((field) => [field.id, field]));
  for (const field of change.fields ?? []) fields.set(field.id, { ...fields.get(field.id), ...field });
  const { fields: _earlier, ...settings } = { ...earlier, ...change };
  return fields.size === 0 ? settings : { ...settings, fields: [...fields.values()] };
}

/** A change of an option mapping as one of the whole mapping: its fields have no direction of their own. */
export function wholeChange(mapping: TableMapping, change: MappingOverrides): MappingOverrides {
  if (mapping.kind !== 'option') return change;
  const direction = change.direction ?? change.fields?.find((field) => field.direction)?.direction;
  const fields = change.fields?.map(({ direction: _direction, ...field }) => field);
  return {
    ...change,
    ...(direction === undefined ? {} : { direction }),
    ...(fields === undefined ? {} : { fields }),
  };
}

/**
 * The mapping as it is in force. Fields of an option mapping follow its direction; a transformation follows the
 * direction of a one-way field (E-3, A-42). Pure.
 */
export function effectiveMapping(mapping: TableMapping, overrides: MappingOverrides): TableMapping {
  const { fields = [], businessCentralFilter, dataverseFilter, ...settings } = overrides;
  const ofOption =
    mapping.kind === 'option' && settings.direction !== undefined ? { direction: settings.direction } : {};
  return {
    ...mapping,
    ...settings,
    businessCentral: withFilter(mapping.businessCentral, businessCentralFilter),
    dataverse: withFilter(mapping.dataverse, dataverseFilter),
    fields: mapping.fields.map((field) => {
      const { id: _id, ...own } = fields.find(({ id }) => id === field.id) ?? { id: field.id };
      return withTransformationDirection({ ...field, ...own, ...ofOption });
    }),
  };
}

function withFilter<Table extends { readonly filter: string | null }>(
  table: Table,
  filter: string | null | undefined,
): Table {
  if (filter === undefined) return table;
  return { ...table, filter: filter?.trim() ? filter : null };
}

function withTransformationDirection(field: FieldMapping): FieldMapping {
  const { transformation, direction } = field;
  if (transformation === null || direction === 'both' || transformation.direction === direction) return field;
  return { ...field, transformation: { ...transformation, direction } };
}
