/** What a scenario may change about the default mappings, as an administrator could. */
import { z } from 'zod';
import { mappingDirections, sides } from '../../shared/domain/common/directions.ts';
import {
  businessCentralTypes,
  conflictDetections,
  dataverseTypes,
  deletionConflictRules,
  updateConflictRules,
} from '../../shared/domain/mappings/model.ts';
import { transformationSchema } from '../../shared/domain/sync/transformations.ts';

const plainValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const length = z.number().int().min(1).optional();

const businessCentralField = z.strictObject({
  entitySet: z.string().optional(),
  property: z.string(),
  type: z.enum(businessCentralTypes),
  maxLength: length,
});

const dataverseField = z.strictObject({
  attribute: z.string(),
  type: z.enum(dataverseTypes),
  maxLength: length,
  precision: z.number().int().min(0).optional(),
  lookupTable: z.string().optional(),
});

/** Changes the field mapping of that id; with both ends given (one for a constant) it adds one. */
const fieldOverride = z.strictObject({
  id: z.string(),
  enabled: z.boolean().optional(),
  direction: z.enum(mappingDirections).optional(),
  transformation: transformationSchema.nullable().optional(),
  clearOnFailedSync: z.boolean().optional(),
  notNull: z.boolean().optional(),
  constant: plainValue.optional(),
  lookup: z.string().optional(),
  match: z
    .strictObject({ priority: z.number().int().min(0), caseSensitive: z.boolean().default(false) })
    .nullable()
    .optional(),
  businessCentral: businessCentralField.nullable().optional(),
  dataverse: dataverseField.nullable().optional(),
});
export type FieldOverride = z.infer<typeof fieldOverride>;

const template = z.strictObject({
  target: z.enum(sides),
  priority: z.number().int().min(0).default(0),
  sourceFilter: z.string().nullable().default(null),
  values: z.record(z.string(), plainValue),
});

const mappingOverride = z.strictObject({
  direction: z.enum(mappingDirections).optional(),
  syncOnlyCoupled: z.boolean().optional(),
  updateConflict: z.enum(updateConflictRules).optional(),
  conflictDetection: z.enum(conflictDetections).optional(),
  deletionConflict: z.enum(deletionConflictRules).optional(),
  businessCentralFilter: z.string().nullable().optional(),
  dataverseFilter: z.string().nullable().optional(),
  fields: z.array(fieldOverride).default([]),
  templates: z.array(template).optional(),
});
export type MappingOverride = z.infer<typeof mappingOverride>;

/** Overrides by the name of the mapping. */
export const mappingOverridesSchema = z.record(z.string(), mappingOverride);
export type MappingOverrides = z.infer<typeof mappingOverridesSchema>;
