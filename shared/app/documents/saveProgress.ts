/** Writes down how far documents have come. */
import type { DocumentScope, DocumentWork } from './documentScope.ts';

/** Saves the stage of each document; safe to repeat. */
export async function saveProgress(
  { ports }: Pick<DocumentScope, 'ports'>,
  works: readonly Pick<DocumentWork, 'intent'>[],
): Promise<void> {
  if (works.length > 0) await ports.couplings.saveIntents(works.map(({ intent }) => intent));
}
