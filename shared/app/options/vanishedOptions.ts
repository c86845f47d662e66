/** Pairs of an option mapping whose option is gone; options have no change tracking that would tell (E-82). */
import type { DataverseId } from '../../domain/common/ids.ts';
import type { RunScope } from '../run/runScope.ts';

const couplingsAtATime = 1_000;

/** Ids of paired options that the column no longer has; none for table mappings and for runs of chosen records. */
export async function vanishedOptions(scope: RunScope): Promise<readonly DataverseId[]> {
  const { options, request, mapping, state, ports } = scope;
  if (options === null || request.chosen !== null || state.coupledCount === 0) return [];
  const present = new Set<string>((await options.rows()).map(({ id }) => id));
  const vanished: DataverseId[] = [];
  let continuation: string | null = null;
  do {
    const page = { top: couplingsAtATime, continuation };
    const stored = await ports.couplings.list({ mapping: mapping.name }, page);
    vanished.push(...stored.rows.map(({ dataverseId }) => dataverseId).filter((id) => !present.has(id)));
    continuation = stored.continuation;
  } while (continuation !== null);
  return vanished;
}
