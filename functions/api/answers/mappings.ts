/** Schemas of table mappings (contract section 3). */
import { z } from 'zod';
import { mappingDirections, passDirections, sides } from '../../../shared/domain/common/directions.ts';
import { mappingOrigins } from '../../../shared/domain/mappings/mappingSet.ts';
import {
  conflictDetections,
  deletionConflictRules,
  mappingKinds,
  transformationRules,
  updateConflictRules,
} from '../../../shared/domain/mappings/model.ts';
import { count, instant, named } from '../../http/answerSchema.ts';
import { shortcoming } from './shortcoming.ts';

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const tableSide = z.strictObject({
  table: z.string(),
  entitySet: z.string(),
  filter: z.string().nullable(),
});

const field = named(
  'FieldMapping',
  z.strictObject({
    id: z.string(),
    businessCentralField: z.string().nullable(),
    attribute: z.string().nullable(),
    direction: z.enum(mappingDirections),
    constant: value,
    enabled: z.boolean(),
    lookup: z.string().nullable(),
    clearOnFailedSync: z.boolean(),
    notNull: z.boolean(),
    transformation: z
      .strictObject({
        rule: z.enum(transformationRules),
        direction: z.enum(passDirections),
        options: z.record(z.string(), z.unknown()),
      })
      .nullable(),
    match: z.strictObject({ priority: count, caseSensitive: z.boolean() }).nullable(),
  }),
);

const template = z.strictObject({
  target: z.enum(sides),
  priority: count,
  sourceFilter: z.string().nullable(),
  values: z.record(z.string(), value),
});

const job = z.strictObject({
  frequencyMinutes: count,
  inactivityTimeoutMinutes: count,
  category: z.string().nullable(),
});

/** A table mapping, with its fields and watermarks. */
export const tableMapping = named(
  'TableMapping',
  z.strictObject({
    name: z.string(),
    description: z.string(),
    origin: z.enum(mappingOrigins),
    changed: z.boolean(),
    kind: z.enum(mappingKinds),
    enabled: z.boolean(),
    order: z.int(),
    dependsOn: z.array(z.string()),
    businessCentral: tableSide,
    dataverse: tableSide,
    direction: z.enum(mappingDirections),
    syncOnlyCoupled: z.boolean(),
    updateConflict: z.enum(updateConflictRules),
    conflictDetection: z.enum(conflictDetections),
    deletionConflict: z.enum(deletionConflictRules),
    eventDrivenRescheduling: z.boolean(),
    fields: z.array(field),
    templates: z.array(template),
    rule: z.string().nullable(),
    job: job.nullable(),
    warnings: z.array(z.strictObject({ code: z.string(), message: z.string(), target: z.string() })),
    watermarks: z.strictObject({
      businessCentral: instant.nullable(),
      dataverse: z.union([instant, z.literal('token-present')]).nullable(),
    }),
    shortcomings: z.array(shortcoming).exactOptional(),
  }),
);

/** What removing a mapping answers. */
export const removedMapping = z.strictObject({ name: z.string(), removed: z.literal(true) });
