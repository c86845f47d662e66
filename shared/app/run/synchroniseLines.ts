/** After a page of headers: their lines are synchronised under their own mapping (E-105, E-151). */
import { asCode, canonicalText } from '../../domain/sync/values.ts';
import type { AppliedAction } from './applyActions.ts';
import type { SourceRecord } from './candidates.ts';
import { readLines } from './productFacts.ts';
import type { RunScope } from './runScope.ts';

/**
 * Runs the mapping of lines for the lines of every header that was written or found unchanged. Its own job meets the same
 * lines again, so a crash before this costs latency only.
 */
export async function synchroniseLines(
  scope: RunScope,
  ends: readonly AppliedAction[],
  unchanged: readonly SourceRecord[],
): Promise<void> {
  const { lines } = scope.rule;
  if (!lines || !scope.allMappings.some(({ name }) => name === lines.mapping)) return;
  const done = ends.flatMap((end) => (end.status === 'done' ? [end.businessCentral] : []));
  const { keyProperty } = scope.mapping.businessCentral;
  const codes = [...done, ...unchanged].map(({ values }) => asCode(canonicalText(values[keyProperty])));
  const found = await readLines(scope, lines.mapping, [...new Set(codes)]);
  await scope.synchroniseOther(
    lines.mapping,
    'businessCentral',
    found.map(({ id }) => id),
  );
}
