/** Forms of settings: each turns the text of an environment variable into a checked value. */
import { z } from 'zod';

/** `true` or `false`, in any case; absent = `false` unless told. */
export function flag(absent = false) {
  return z
    .string()
    .toLowerCase()
    .pipe(z.enum(['true', 'false'], 'must be true or false'))
    .transform((text) => text === 'true')
    .default(absent);
}

/** A whole number within a range, both ends included. */
export function wholeNumber(least: number, most: number, absent: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^-?\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= least && value <= most, message)
    .default(absent);
}

/** An https address without a slash at its end; http on the machine itself, which local simulators use. */
export function serviceAddress() {
  return z.string('must be set').superRefine((text, context) => {
    const problem = addressProblem(text);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });
}

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

function addressProblem(text: string): string | null {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) return 'must be an https address';
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (protocol === 'http:' && !loopback.test(hostname))
    return 'must be an https address (http on this machine only)';
  if (username !== '' || password !== '') return 'must not contain a user name or password';
  if (search !== '' || hash !== '' || /[?#]$/.test(text)) return 'must not contain a query or a fragment';
  return text.endsWith('/') ? 'must not end with a slash' : null;
}

/** Names separated by commas; blanks around them do not count, nor do empty ones. */
export function nameList() {
  return z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .transform((names) => [...new Set(names.filter((name) => name !== ''))])
    .default([]);
}

/** A time zone this machine knows, by its IANA name. */
export function timeZone(absent: string) {
  return z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Amsterdam').default(absent);
}

function isTimeZone(text: string): boolean {
  // Offsets such as +01:00 pass the run time but know no daylight saving time.
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

const number = String.raw`\d{1,2}`;
const name = '(?:[A-Za-z]{3})';
const value = `(?:${number}|${name})`;
const part = String.raw`(?:\*|${value}(?:-${value})?)(?:/${number})?`;
const sixFields = new RegExp(`^${part}(?:,${part})*(?: +${part}(?:,${part})*){5}$`);

const fieldRanges = [
  { least: 0, most: 59, names: [] },
  { least: 0, most: 59, names: [] },
  { least: 0, most: 23, names: [] },
  { least: 1, most: 31, names: [] },
  {
    least: 1,
    most: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { least: 0, most: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
] as const satisfies readonly FieldRange[];

interface FieldRange {
  readonly least: number;
  readonly most: number;
  readonly names: readonly string[];
}

/** Whether the text is an NCRONTAB expression: six fields, no L, W, #, ?, no intervals (platform A-40). */
export function isNcrontab(text: string): boolean {
  if (!sixFields.test(text)) return false;
  const fields = text.split(/ +/);
  return fieldRanges.every((range, index) => fieldFits(fields[index] ?? '', range));
}

function fieldFits(field: string, range: FieldRange): boolean {
  return field.split(',').every((item) => {
    const [span = '', step] = item.split('/');
    if (step !== undefined && (Number(step) < 1 || Number(step) > range.most)) return false;
    return span === '*' || span.split('-').every((end) => valueFits(end, range));
  });
}

function valueFits(text: string, { least, most, names }: FieldRange): boolean {
  if (/^[A-Za-z]/.test(text)) return names.includes(text.toLowerCase());
  return Number(text) >= least && Number(text) <= most;
}
