/** Finds the quotes in Business Central that new revisions follow on (D-109 step 3, D-120). */
import type { BusinessCentralRecord, DataverseRow } from '../../../domain/common/records.ts';
import type { Coupling } from '../../../domain/couplings/coupling.ts';
import { earlierRevisions, isRevision } from '../../../domain/documents/quoteStages.ts';
import { problem } from '../../../domain/sync/problems.ts';
import { canonicalText } from '../../../domain/sync/values.ts';
import { type DocumentEnd, type DocumentWork, failedEnd } from '../documentScope.ts';
import { couplingsOf, type QuoteScope } from './quoteScope.ts';

/** A revision with the quote it is written over. */
export interface Revision {
  readonly work: DocumentWork;
  readonly record: BusinessCentralRecord;
}

export interface SortedQuotes {
  /** To be created: first ones, and revisions of quotes that never came to Business Central. */
  readonly fresh: readonly DocumentWork[];
  readonly revisions: readonly Revision[];
  readonly ended: readonly DocumentEnd[];
}

const selection = {
  table: 'quote',
  attributes: ['quotenumber', 'revisionnumber', 'statecode', 'statuscode'],
};

/**
 * Sorts quotes by whether a revised one of the same number is coupled; three reads however many there are, none where no
 * quote is a revision. `standing`: quotes whose create is not settled; a revision of one of them waits.
 */
export async function findRevised(
  scope: QuoteScope,
  works: readonly DocumentWork[],
  standing: ReadonlySet<string>,
): Promise<SortedQuotes> {
  const later = works.filter(({ header }) => isRevision(header));
  if (later.length === 0) return { fresh: works, revisions: [], ended: [] };
  const earlier = await earlierOf(scope, later);
  const couplings = await couplingsOf(scope, [...earlier.values()].flat());
  const records = await recordsOf(scope, [...couplings.values()]);
  const fresh: DocumentWork[] = [];
  const revisions: Revision[] = [];
  const ended: DocumentEnd[] = [];
  for (const work of works) {
    const rows = earlier.get(work) ?? [];
    const found = rows.flatMap(({ id }) => records.get(couplings.get(id)?.businessCentralId ?? '') ?? []);
    const [record] = found;
    if (record) revisions.push({ work, record });
    else if (rows.some(({ id }) => standing.has(id))) ended.push(waits(work));
    else fresh.push(work);
  }
  return { fresh, revisions, ended };
}

async function earlierOf(
  { ports }: QuoteScope,
  works: readonly DocumentWork[],
): Promise<ReadonlyMap<DocumentWork, readonly DataverseRow[]>> {
  const numbers = works.map(({ header }) => canonicalText(header.values['quotenumber']));
  const rows = await ports.dataverse.readByValues(selection, 'quotenumber', [...new Set(numbers)]);
  return new Map(works.map((work) => [work, earlierRevisions(work.header, rows)]));
}

/** A quote that was deleted in Business Central, or became an order there, cannot be written over. */
async function recordsOf(
  { ports, documents }: QuoteScope,
  couplings: readonly Coupling[],
): Promise<ReadonlyMap<string, BusinessCentralRecord>> {
  if (couplings.length === 0) return new Map();
  const ids = couplings.map(({ businessCentralId }) => businessCentralId);
  const records = await ports.businessCentral.readByIds(documents, ids);
  return new Map(records.map((record) => [record.id as string, record]));
}

function waits({ header }: DocumentWork): DocumentEnd {
  const message = 'An earlier revision was sent without an answer; this one follows when it was found.';
  return failedEnd(header, problem('outcome-unknown', { message }));
}
