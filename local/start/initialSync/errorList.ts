/** The short list of open errors after a synchronisation. Pure. */
import type { SyncErrorView } from './apiViews.ts';

const mostShown = 10;

function entry({ mapping, name, code, message, suggestion }: SyncErrorView): string {
  const advice = suggestion ? ` ${suggestion}` : '';
  return `  ${mapping} | ${name || '(no name)'} | ${code} | ${message}${advice}`.replace(/\s*\n\s*/g, ' ');
}

/** At most ten errors, one line each, and how many more there are; empty when there is none. */
export function errorListText(errors: readonly SyncErrorView[], hasMore: boolean, appUrl: string): string {
  if (errors.length === 0) return '';
  const count = `${errors.length}${hasMore ? ' or more' : ''}`;
  const hidden = errors.length - mostShown;
  const rest =
    hidden > 0 || hasMore ? [`  and ${Math.max(hidden, 0)}${hasMore ? ' or more' : ''} others`] : [];
  return [
    `Open errors: ${count} (${appUrl}/api/sync-errors?open=true)`,
    ...errors.slice(0, mostShown).map(entry),
    ...rest,
  ].join('\n');
}
