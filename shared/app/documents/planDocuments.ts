/** Plans documents: what each would become, or why it cannot, before anything is written (D-71, D-116). */
import type { DataverseRow } from '../../domain/common/records.ts';
import type { CreateIntent } from '../../domain/couplings/coupling.ts';
import { reservation } from '../../domain/documents/orderStages.ts';
import { planDocument } from '../../domain/documents/planDocument.ts';
import { withLines } from './documentRows.ts';
import {
  type DocumentEnd,
  type DocumentScope,
  type DocumentWork,
  failedEnd,
  type Staged,
} from './documentScope.ts';
import { readDocumentFacts } from './readDocumentFacts.ts';

/** Reads lines and facts in bulk; documents that can be made go on with their reservation, the one that stands or a new one. */
export async function planDocuments(
  scope: DocumentScope,
  headers: readonly DataverseRow[],
  intents: ReadonlyMap<string, CreateIntent>,
): Promise<Staged> {
  if (headers.length === 0) return { going: [], ended: [] };
  const { ports, type } = scope;
  const going: DocumentWork[] = [];
  const ended: DocumentEnd[] = [];
  const documents = await withLines(ports, type, headers);
  const facts = await readDocumentFacts(ports, scope.couplings, await scope.setup(), documents);
  const at = ports.clock.now();
  for (const document of documents) {
    const { header } = document;
    const planned = planDocument(type, document, facts);
    if (planned.kind === 'problem') {
      ended.push(failedEnd(header, planned.problem));
      continue;
    }
    const plan = planned.value;
    const fresh = reservation(scope.mapping, header, plan.marker, at);
    const stored = intents.get(header.id);
    const intent = stored?.document ? { ...stored, document: stored.document } : fresh;
    going.push({ header, document, plan, intent, isFresh: false });
  }
  return { going, ended };
}
