/** Reads what an entity rule asks for step by step, each step in few requests for all records of a page. */
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import type { ReadStep, RuleContext } from '../../domain/sync/entityRule.ts';
import { Lookups } from '../../domain/sync/lookups.ts';
import { readRelated } from './relatedReads.ts';
import type { RunScope } from './runScope.ts';

const nothingFollowed = new Lookups(new Map(), '');

/** The context with what the steps brought. A step that asks for nothing costs no request. */
export async function readSteps(
  { ports }: RunScope,
  steps: readonly ReadStep[],
  records: readonly BusinessCentralRecord[],
  context: RuleContext,
  lookups: Lookups = nothingFollowed,
): Promise<RuleContext> {
  let known = context;
  for (const step of steps) {
    const reads = records.flatMap((record) => step(record, known, lookups));
    if (reads.length > 0) known = { ...known, related: known.related.with(await readRelated(ports, reads)) };
  }
  return known;
}
