/** Writes down how far orders have come. */
import type { OrderScope, OrderWork } from './orderScope.ts';

/** Saves the stage of each order; safe to repeat. */
export async function saveProgress(
  { ports }: OrderScope,
  works: readonly Pick<OrderWork, 'intent'>[],
): Promise<void> {
  if (works.length > 0) await ports.couplings.saveIntents(works.map(({ intent }) => intent));
}
