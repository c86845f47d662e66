/** Reads parameters and bodies of requests; everything wrong with one is reported at once. */
import { Buffer } from 'node:buffer';
import { z } from 'zod';
import { isGuid } from '../../shared/domain/common/ids.ts';
import { type Instant, instant } from '../../shared/domain/common/instants.ts';
import { ApiError, badRequest, type ErrorDetail } from './apiError.ts';

/** Bodies are small: lists of names, a few values. */
const mostBodyBytes = 1_048_576;

/** Query parameters by which a caller of a deployed app shows a function key; they are the host's business. */
export const keyParameters = ['code', 'clientId'] as const;

/** `true` or `false`; absent = false. */
export const flagParameter = z
  .enum(['true', 'false'], 'must be true or false')
  .default('false')
  .transform((text) => text === 'true');

/** A GUID, brought to lower case by `convert`, which brands it. */
export function guidParameter<Id extends string>(convert: (text: string) => Id) {
  return z.string().refine(isGuid, 'must be a GUID').transform(convert);
}

/** An instant with a time zone, or a day, which begins at midnight UTC. */
export const instantParameter = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], 'must be a date, or a date-time with a time zone')
  .transform((text): Instant => instant(text));

/** Paging of lists (contract section 3). */
export const pageParameters = {
  top: z
    .string()
    .regex(/^\d{1,4}$/, 'must be a whole number from 1 to 1000')
    .transform(Number)
    .refine((top) => top >= 1 && top <= 1_000, 'must be a whole number from 1 to 1000')
    .default(100),
  continuation: z.string().min(1).max(4_000).optional(),
};

/** Checks query parameters; unknown ones are refused, and so is a parameter given twice. Raises ApiError 400. */
export function readQuery<Shape extends z.ZodRawShape>(
  shape: Shape,
  query: URLSearchParams,
): z.output<z.ZodObject<Shape>> {
  const names = [...new Set(query.keys())].filter((name) => name in shape || !isKeyParameter(name));
  const repeated = names.filter((name) => query.getAll(name).length > 1);
  const values = Object.fromEntries(names.map((name) => [name, query.get(name)]));
  const parsed = z.strictObject(shape).safeParse(values);
  const problems = [
    ...repeated.map((target) => ({ code: 'repeated-parameter', message: 'is given more than once', target })),
    ...(parsed.success ? [] : detailsOf(parsed.error, 'unknown-parameter')),
  ];
  if (!parsed.success || problems.length > 0) throw badRequest(problems);
  return parsed.data as z.output<z.ZodObject<Shape>>;
}

function isKeyParameter(name: string): boolean {
  return keyParameters.some((known) => known === name);
}

interface BodySource {
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Reads and checks a JSON body; an absent one counts as an empty object. Raises ApiError 400 or 413. */
export async function readBody<Body>(schema: z.ZodType<Body>, request: BodySource): Promise<Body> {
  const text = await bodyText(request);
  const parsed = schema.safeParse(text.trim() === '' ? {} : parseJson(text));
  if (!parsed.success) throw badRequest(detailsOf(parsed.error, 'unknown-property'));
  return parsed.data;
}

async function bodyText(request: BodySource): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > mostBodyBytes) throw tooLarge();
  const bytes = Buffer.from(await request.arrayBuffer());
  if (bytes.byteLength > mostBodyBytes) throw tooLarge();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw badRequest([{ code: 'invalid-json', message: 'is no UTF-8 text', target: 'body' }]);
  }
}

function tooLarge(): ApiError {
  const message = `The body has more than ${mostBodyBytes} bytes.`;
  return new ApiError({ status: 413, code: 'body-too-large', message, target: 'body' });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest([{ code: 'invalid-json', message: 'is no JSON', target: 'body' }]);
  }
}

/** Messages read on from their target; those of the library do not, and an absent value is told as such. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (!/^(Invalid|Too|Unrecognized) /.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? 'must be given'
        : `must be of type ${issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${itemsOf(issue.origin)}`;
    case 'too_small':
      return `must be at least ${issue.minimum}${itemsOf(issue.origin)}`;
    default:
      return 'is not of the form that is expected here';
  }
}

function itemsOf(origin: string): string {
  if (origin === 'array') return ' entries long';
  return origin === 'string' ? ' characters long' : '';
}

/** One detail per problem; an unknown member gets one of its own. */
function detailsOf(error: z.ZodError, unknownCode: string): readonly ErrorDetail[] {
  return error.issues.flatMap((issue): ErrorDetail[] => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      const target = (key: string) => [...path, key].join('.');
      return issue.keys.map((key) => ({
        code: unknownCode,
        message: 'is not known here',
        target: target(key),
      }));
    }
    return [{ code: 'invalid-value', message: messageOf(issue), target: path.join('.') || 'body' }];
  });
}
