/** Couples quotes with their quotes in Business Central; a revision takes the place of the quote it follows on (D-109, D-115). */
import type { BusinessCentralId } from '../../../domain/common/ids.ts';
import type { Coupling } from '../../../domain/couplings/coupling.ts';
import { problem } from '../../../domain/sync/problems.ts';
import type { CouplingWrite } from '../../../ports/couplingStore.ts';
import { documentCoupling } from '../documentCoupling.ts';
import { type DocumentEnd, failedEnd } from '../documentScope.ts';
import { type QuoteScope, type QuoteStage, quoteMappingName } from './quoteScope.ts';

/** Couples last, when nothing is missing in Business Central. Safe to repeat. */
export async function coupleQuotes(
  scope: QuoteScope,
  stages: readonly QuoteStage[],
): Promise<readonly DocumentEnd[]> {
  const pairs = stages.flatMap((stage) => {
    const coupling = documentCoupling(scope, stage);
    return coupling ? [{ stage, coupling }] : [];
  });
  if (pairs.length === 0) return [];
  await scope.renew();
  const present = await presentCouplings(
    scope,
    pairs.map(({ coupling }) => coupling.businessCentralId),
  );
  const writes = pairs.map(({ coupling }) => writeOf(coupling, present.get(coupling.businessCentralId)));
  const outcomes = await scope.ports.couplings.save(quoteMappingName, writes);
  await dropIntents(
    scope,
    pairs.filter((_, index) => writes[index]?.kind === 'repoint' && outcomes[index] === 'done'),
  );
  return pairs.map(({ stage: { header }, coupling }, index): DocumentEnd => {
    const number = coupling.businessCentralName;
    if (outcomes[index] !== 'done') return failedEnd(header, taken(number));
    const status = writes[index]?.kind === 'repoint' ? 'updated' : 'created';
    return { id: header.id, header, status, number };
  });
}

/** Couplings of these quotes of Business Central, by quote. */
export async function presentCouplings(
  scope: QuoteScope,
  ids: readonly BusinessCentralId[],
): Promise<ReadonlyMap<string, Coupling>> {
  const count = await scope.coupledCount();
  const found = await scope.ports.couplings.byBusinessCentralIds(quoteMappingName, ids, count);
  return new Map(found.map((coupling) => [coupling.businessCentralId as string, coupling]));
}

/** In one step, so that the quote in Business Central is never without its coupling. */
function writeOf(coupling: Coupling, present: Coupling | undefined): CouplingWrite {
  if (!present || present.dataverseId === coupling.dataverseId) return { kind: 'create', coupling };
  const { businessCentralId, dataverseId } = present;
  return { kind: 'repoint', coupling, previous: { businessCentralId, dataverseId } };
}

/** The store removes intents of couplings it creates, but not of those it moves. */
async function dropIntents(
  { ports }: QuoteScope,
  moved: readonly { readonly coupling: Coupling }[],
): Promise<void> {
  if (moved.length === 0) return;
  await ports.couplings.removeIntents(
    quoteMappingName,
    moved.map(({ coupling }) => coupling.dataverseId),
  );
}

function taken(number: string) {
  const message = `The quote ${number} exists, but the two quotes could not be coupled: one of them is coupled already.`;
  return problem('already-coupled', { message });
}
