/** Formats dates by patterns such as `dd.MM.yyyy`, for the transformation rule of that name (E-68). */
import { isIsoDate } from '../common/instants.ts';

const token = /'[^']*'|yyyy|yy|MMMM|MMM|MM|M|dddd|ddd|dd|d|HH|H|mm|ss/g;

/**
 * The date or date-time formatted in UTC; undefined when the text is neither. Tokens: d, dd, ddd, dddd, M, MM, MMM, MMMM,
 * yy, yyyy, H, HH, mm, ss; text in single quotes stays as it is. Names are those of the culture, or of English when the
 * culture is not known.
 */
export function formatDate(text: string, format: string, culture: string): string | undefined {
  if (!isIsoDate(text)) return undefined;
  const date = new Date(Date.parse(text));
  return format.replace(token, (found) =>
    found.startsWith("'") ? found.slice(1, -1) : tokenText(found, date, culture),
  );
}

function tokenText(found: string, date: Date, culture: string): string {
  switch (found) {
    case 'yyyy':
      return String(date.getUTCFullYear()).padStart(4, '0');
    case 'yy':
      return String(date.getUTCFullYear() % 100).padStart(2, '0');
    case 'MMMM':
      return named(date, culture, { month: 'long' });
    case 'MMM':
      return named(date, culture, { month: 'short' });
    case 'dddd':
      return named(date, culture, { weekday: 'long' });
    case 'ddd':
      return named(date, culture, { weekday: 'short' });
    default:
      return numeric(found, date);
  }
}

function numeric(found: string, date: Date): string {
  const values: Readonly<Record<string, number>> = {
    M: date.getUTCMonth() + 1,
    d: date.getUTCDate(),
    H: date.getUTCHours(),
    m: date.getUTCMinutes(),
    s: date.getUTCSeconds(),
  };
  return String(values[found[0] ?? ''] ?? '').padStart(found.length, '0');
}

function named(date: Date, culture: string, options: Intl.DateTimeFormatOptions): string {
  const known = Intl.DateTimeFormat.supportedLocalesOf([culture]);
  return new Intl.DateTimeFormat(known.length > 0 ? known : 'en-US', { ...options, timeZone: 'UTC' }).format(
    date,
  );
}
