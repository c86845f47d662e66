/** Transformation rules: ways a value is changed on its way (E-68, contract section 3). */
import { RE2JS } from 're2js';
import { z } from 'zod';
import { passDirections } from '../common/directions.ts';
import type { FieldValue } from '../common/records.ts';
import type { Transformation } from '../mappings/model.ts';
import { formatDate } from './formatDate.ts';
import { canonicalText, isBlank } from './values.ts';

const longestText = 2048;
const text = z.string().max(longestText);
const direction = z.enum(passDirections);
const noOptions = z.strictObject({}).default({});
const pattern = text.min(1).refine(isPattern, 'is not a regular expression of RE2 syntax');

/** The shape of a transformation with the options of its rule; unknown options are refused. */
export const transformationSchema = z.discriminatedUnion('rule', [
  z.strictObject({
    rule: z.enum(['uppercase', 'lowercase', 'titleCase', 'trim']),
    direction,
    options: noOptions,
  }),
  z.strictObject({
    rule: z.literal('substring'),
    direction,
    /** `start` counts characters from 1, as Business Central's own rule does. */
    options: z.strictObject({ start: z.number().int().min(1), length: z.number().int().min(1).optional() }),
  }),
  z.strictObject({
    rule: z.literal('replace'),
    direction,
    options: z.strictObject({ find: text.min(1), with: text }),
  }),
  z.strictObject({
    rule: z.literal('regexReplace'),
    direction,
    options: z.strictObject({ pattern, with: text }),
  }),
  z.strictObject({
    rule: z.literal('dateFormat'),
    direction,
    options: z.strictObject({ format: text.min(1), culture: z.string().max(35).default('en-US') }),
  }),
  z.strictObject({
    rule: z.literal('map'),
    direction,
    options: z.strictObject({ values: z.record(z.string(), text), otherwise: text.optional() }),
  }),
  z.strictObject({ rule: z.enum(['prefix', 'suffix']), direction, options: z.strictObject({ text }) }),
]);
type ParsedTransformation = z.infer<typeof transformationSchema>;

/** RE2 matches in time linear in the text, so no pattern can hang a run. */
function isPattern(source: string): boolean {
  try {
    RE2JS.compile(source);
    return true;
  } catch {
    return false;
  }
}

/**
 * The value after its rule; null stays null, and blanks pass unchanged except through `map`, which may name them.
 * Undefined when the rule cannot be applied to the value (a text that is no date). Raises ZodError for a rule whose
 * options were never validated.
 */
export function applyTransformation(
  transformation: Transformation,
  value: FieldValue,
): FieldValue | undefined {
  const parsed = transformationSchema.parse(transformation);
  if (isBlank(value) && parsed.rule !== 'map') return value;
  return changed(parsed, canonicalText(value));
}

function changed(transformation: ParsedTransformation, source: string): string | undefined {
  switch (transformation.rule) {
    case 'uppercase':
      return source.toUpperCase();
    case 'lowercase':
      return source.toLowerCase();
    case 'titleCase':
      return source
        .toLowerCase()
        .replace(/(^|[^\p{L}\p{N}'’])(\p{L})/gu, (_all, before: string, letter: string) => {
          return before + letter.toUpperCase();
        });
    case 'trim':
      return source.trim();
    case 'substring':
      return part(source, transformation.options.start, transformation.options.length);
    case 'replace':
      return source.replaceAll(transformation.options.find, () => transformation.options.with);
    case 'regexReplace':
      return RE2JS.compile(transformation.options.pattern)
        .matcher(source)
        .replaceAll(transformation.options.with);
    case 'dateFormat':
      return formatDate(source, transformation.options.format, transformation.options.culture);
    case 'map':
      return transformation.options.values[source] ?? transformation.options.otherwise ?? source;
    case 'prefix':
      return transformation.options.text + source;
    case 'suffix':
      return source + transformation.options.text;
  }
}

/** By characters as users count them, so that no surrogate pair is split. */
function part(source: string, start: number, length: number | undefined): string {
  const characters = [...source];
  return characters.slice(start - 1, length === undefined ? undefined : start - 1 + length).join('');
}
