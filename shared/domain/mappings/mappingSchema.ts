/** The form of a whole table mapping as a file or a request body (contract section 3, A-34). */
import { z } from 'zod';
import { mappingName } from '../common/ids.ts';
import { businessCentralFieldSchema, fieldFileSchema } from './fieldSchema.ts';
import { filterText, identifier, mappingSettings, mostEntries, oneOf, template } from './mappingParts.ts';
import { businessCentralRoutes, changeReadings, mappingKinds } from './model.ts';

const minutesOfYear = 527_040;

/** Names are part of addresses and storage keys, so they hold letters, digits, blanks and `. _ -` only. */
export const mappingNameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,48}[A-Za-z0-9._-])?$/,
    'must have 1 to 50 letters, digits, blanks or . _ -, and begin with a letter or digit',
  );

const text = (most: number) => z.string().min(1, 'must not be empty').max(most);

const businessCentral = z.strictObject({
  table: text(100)
    .describe('Name of the table as pages show it; the entity set unless stated.')
    .exactOptional(),
  entitySet: identifier.describe('Entity set of the API, such as `customers`.'),
  route: oneOf(businessCentralRoutes).default('v2.0'),
  companions: z
    .array(identifier)
    .describe('Sets of the companion app that show the same rows; those that fields name unless stated.')
    .exactOptional(),
  filter: filterText('businessCentral').default(null),
  keyProperty: identifier
    .describe('Property users know a record by; `number`, `code` or the first mapped one unless stated.')
    .exactOptional(),
  nameProperty: identifier
    .describe('Property that names a record; `displayName`, `description` or the key unless stated.')
    .exactOptional(),
  reading: oneOf(changeReadings).default('changes'),
  extraFields: z.array(businessCentralFieldSchema).max(mostEntries).default([]),
});

const dataverse = z.strictObject({
  table: identifier.describe('Logical name, such as `account`.'),
  entitySet: identifier.describe('Read from metadata unless stated.').exactOptional(),
  idAttribute: identifier.describe('Read from metadata unless stated.').exactOptional(),
  nameAttribute: identifier.describe('Read from metadata unless stated.').exactOptional(),
  filter: filterText('dataverse').default(null),
  extraAttributes: z.array(identifier).max(mostEntries).default([]),
  relatedOptionColumns: z
    .array(z.strictObject({ table: identifier, attribute: identifier }))
    .max(mostEntries)
    .describe('Of an option mapping: columns of other tables that hold the same options.')
    .exactOptional(),
});

const job = z.strictObject({
  frequencyMinutes: z.int().min(1).max(minutesOfYear).default(30),
  inactivityTimeoutMinutes: z
    .int()
    .min(0)
    .max(minutesOfYear)
    .refine((minutes) => minutes === 0 || minutes >= 5, 'must be 0 or at least 5 minutes')
    .default(720),
  category: text(20).nullable().default(null),
});

const settings = mappingSettings;

/** A table mapping; what is left out gets the usual value. Every problem is reported with its path. */
export const mappingFileSchema = z
  .strictObject({
    $schema: z.string().exactOptional(),
    name: mappingNameSchema,
    kind: oneOf(mappingKinds).default('table'),
    description: text(250).exactOptional(),
    enabled: z.boolean().default(true),
    order: z
      .number()
      .min(0)
      .max(10_000)
      .describe('Position in a synchronisation of everything.')
      .default(100),
    dependsOn: z.array(mappingNameSchema).max(mostEntries).default([]),
    businessCentral,
    dataverse,
    direction: settings.direction.default('both'),
    syncOnlyCoupled: settings.syncOnlyCoupled.default(true),
    updateConflict: settings.updateConflict.default('none'),
    conflictDetection: settings.conflictDetection.default('field'),
    deletionConflict: settings.deletionConflict.default('none'),
    eventDrivenRescheduling: settings.eventDrivenRescheduling.default(true),
    fields: z.array(fieldFileSchema).min(1, 'must have at least one field').max(mostEntries),
    templates: z.array(template).max(mostEntries).default([]),
    dependentCouplings: z
      .array(
        z.strictObject({
          mapping: mappingNameSchema.transform(mappingName),
          attribute: identifier,
          businessCentralKey: text(257),
        }),
      )
      .max(mostEntries)
      .describe('Couplings of other mappings that end with those of this one.')
      .exactOptional(),
    linesOf: mappingNameSchema
      .transform(mappingName)
      .describe('Its records are lines of this mapping and synchronised with them only.')
      .exactOptional(),
    rule: text(50).describe('Entity rule of a default mapping to use, too.').nullable().default(null),
    job: job
      .nullable()
      .describe('Scheduled job; null for none.')
      .default({ frequencyMinutes: 30, inactivityTimeoutMinutes: 720, category: null }),
  })
  .meta({ title: 'Table mapping' });

/** A table mapping as it was written: its form is right, parts may be left to metadata. */
export type MappingFile = z.output<typeof mappingFileSchema>;

/** The published JSON Schema of mapping files. */
export function mappingJsonSchema(): unknown {
  return z.toJSONSchema(mappingFileSchema, { io: 'input', target: 'draft-2020-12' });
}
