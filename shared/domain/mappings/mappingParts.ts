/** Forms of the parts that mapping files and changes of mappings share; unknown properties are refused everywhere. */
import { z } from 'zod';
import { mappingDirections, sides } from '../common/directions.ts';
import type { FieldValue } from '../common/records.ts';
import { FilterSyntaxError } from '../odata/filterExpression.ts';
import { businessCentralFilter, dataverseFilter } from '../sync/recordFilter.ts';
import { transformationSchema } from '../sync/transformations.ts';
import { conflictDetections, deletionConflictRules, type Template, updateConflictRules } from './model.ts';

/** Longest constant (E-3). */
const longestConstant = 100;
const longestFilter = 4_000;
const longestText = 2_048;
/** So many fields or templates are more than any table has columns in use. */
export const mostEntries = 1_000;

/** One of a closed set; the message names them all. */
export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, `must be one of ${values.join(', ')}`);
}

/** Name of a property, column, entity set or table. */
export const identifier = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'must be a name of letters, digits and underscores');

const filterParsers = { businessCentral: businessCentralFilter, dataverse: dataverseFilter } as const;

/** What is wrong with a filter text of one side; null when it parses. */
export function filterFault(side: keyof typeof filterParsers, text: string | null): string | null {
  try {
    filterParsers[side](text);
    return null;
  } catch (error) {
    if (error instanceof FilterSyntaxError) return `is not a filter that can be read: ${error.message}`;
    throw error;
  }
}

/** OData text of one side, checked by the parser that will evaluate it; blank text is no filter. */
export function filterText(side: keyof typeof filterParsers) {
  return z
    .string()
    .max(longestFilter, `must have at most ${longestFilter} characters`)
    .superRefine((text, context) => {
      const fault = filterFault(side, text);
      if (fault === null) return;
      context.addIssue({ code: 'custom', message: fault, params: { code: 'filter-unreadable' } });
    })
    .nullable();
}

/** A value a template or constant writes. */
export const plainValue: z.ZodType<FieldValue> = z.union(
  [z.string().max(longestText), z.number(), z.boolean(), z.null()],
  'must be a text, a number, true, false or null',
);

/** Written instead of a source value; null for none (E-67). */
export const constantValue: z.ZodType<FieldValue> = z.union(
  [z.string().max(longestConstant), z.number(), z.boolean(), z.null()],
  `must be a text of at most ${longestConstant} characters, a number, true, false or null`,
);

const priority = z.int('must be a whole number').min(0, 'must be 0 or more');

/** Use of a field for matching (E-116, E-117). */
export const matchCriterion = z.strictObject({
  priority: priority.max(99, 'must be at most 99').default(0),
  caseSensitive: z.boolean().default(false),
});

/** Values for new records; the filter is OData text over the source record (E-84). */
export const template: z.ZodType<Template, unknown> = z
  .strictObject({
    target: oneOf(sides),
    priority: priority.default(0),
    sourceFilter: z.string().max(longestFilter).nullable().default(null),
    values: z.record(z.string(), plainValue),
  })
  .superRefine(({ target, sourceFilter }, context) => {
    const fault = filterFault(target === 'dataverse' ? 'businessCentral' : 'dataverse', sourceFilter);
    if (fault === null) return;
    const path = ['sourceFilter'];
    context.addIssue({ code: 'custom', message: fault, path, params: { code: 'filter-unreadable' } });
  });

/** The settings that are the same for a whole mapping, in a file and in a change. */
export const mappingSettings = {
  direction: oneOf(mappingDirections),
  syncOnlyCoupled: z.boolean(),
  updateConflict: oneOf(updateConflictRules),
  conflictDetection: oneOf(conflictDetections),
  deletionConflict: oneOf(deletionConflictRules),
  eventDrivenRescheduling: z.boolean(),
} as const;

/** The settings of a field that may be changed later. */
export const fieldSettings = {
  direction: oneOf(mappingDirections),
  constant: constantValue,
  transformation: transformationSchema.nullable(),
  clearOnFailedSync: z.boolean(),
  notNull: z.boolean(),
  match: matchCriterion.nullable(),
  enabled: z.boolean(),
} as const;
