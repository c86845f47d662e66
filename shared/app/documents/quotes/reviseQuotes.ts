/** Writes new revisions over their quotes: header changed and lines replaced in one transaction each (D-112, D-117). */

import { namesOf } from '../../../domain/documents/documentType.ts';
import { headerCreated } from '../../../domain/documents/orderStages.ts';
import { headerRewrite } from '../../../domain/documents/quoteStages.ts';
import { problem, type RecordProblem } from '../../../domain/sync/problems.ts';
import { canonicalText } from '../../../domain/sync/values.ts';
import type { WriteOutcome } from '../../../ports/writeOutcome.ts';
import { type DocumentEnd, type DocumentWork, failedEnd, type Staged } from '../documentScope.ts';
import { saveProgress } from '../saveProgress.ts';
import type { Revision } from './findRevised.ts';
import type { QuoteScope } from './quoteScope.ts';

/**
 * Nothing is reserved: until the revision is coupled, the next run finds the same quote and writes it over again, which
 * leads to the same lines. What was written goes on to its discount and its coupling.
 */
export async function reviseQuotes(scope: QuoteScope, revisions: readonly Revision[]): Promise<Staged> {
  if (revisions.length === 0) return { going: [], ended: [] };
  const { ports, documents, type } = scope;
  const { lineEntitySet } = namesOf(type);
  await scope.renew();
  const documentIds = revisions.map(({ record }) => record.id);
  const [setup, lines] = await Promise.all([
    scope.setup(),
    ports.businessCentral.readLines({ entitySet: lineEntitySet, properties: ['sequence'], documentIds }),
  ]);
  const rewrites = revisions.map(({ work, record }) => ({
    record,
    ...headerRewrite(work.plan, record.values, setup.localCurrencyCode),
    removedLines: lines.filter(({ documentId }) => documentId === record.id),
    lines: work.plan.lines.map(({ values }) => values),
  }));
  const outcomes = await ports.businessCentral.rewriteDocuments(documents, lineEntitySet, rewrites);
  const going: DocumentWork[] = [];
  const ended: DocumentEnd[] = [];
  for (const [index, revision] of revisions.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status === 'done') going.push(written(revision));
    else ended.push(failedEnd(revision.work.header, unwritten(revision, outcome)));
  }
  await saveProgress(scope, going);
  return { going, ended };
}

function written({ work, record }: Revision): DocumentWork {
  const number = canonicalText(record.values['number']);
  const document = headerCreated(work.intent.document, record.id, number);
  return { ...work, isFresh: true, intent: { ...work.intent, document } };
}

function unwritten({ record }: Revision, outcome: WriteOutcome<null> | undefined): RecordProblem {
  const number = canonicalText(record.values['number']);
  switch (outcome?.status) {
    case 'refused': {
      const { kind, message: told, serviceCode } = outcome.problem;
      const message = `Business Central refused the revision of quote ${number}: ${told}`;
      return problem('modify-failed', { message, kind, parameters: [number, serviceCode] });
    }
    case 'stale':
    case 'missing': {
      const message = `The quote ${number} was changed in Business Central meanwhile.`;
      return problem('record-changed', { message, parameters: [number] });
    }
    default: {
      const message = `Whether the revision of quote ${number} was written is not known; the next run writes it again.`;
      return problem('outcome-unknown', { message, parameters: [number] });
    }
  }
}
