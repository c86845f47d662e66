/** Lets later runs of mappings that were synchronised in full create counterparts, too (E-141, A-86). */
import type { MappingName, RunId } from '../../domain/common/ids.ts';
import { linesToKeepCreating, type Review, withoutWish } from '../../domain/fullSync/review.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { mergedOverrides, overridesSchema } from '../../domain/mappings/overrides.ts';
import type { SyncPorts } from '../syncPorts.ts';

const mostTries = 5;

/**
 * Carries out what was wished with the start of these runs and forgets the wish. What others keep from being written now
 * is left to the ends of the runs. Safe to repeat, and to cut off anywhere.
 */
export async function keepCreating(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  runs: readonly RunId[],
): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { review, version } = await ports.fullSync.get();
    const lines = linesToKeepCreating(review, runs);
    if (lines.length === 0) return;
    await applyWishes(ports, mappings, lines);
    if ((await ports.fullSync.replace(withoutWish(review, lines), version)) !== null) return;
  }
}

/** Clears "only coupled" of the mappings of these lines where it is set. Safe to repeat. */
export async function applyWishes(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  lines: Review,
): Promise<void> {
  const limited = mappings.filter(({ syncOnlyCoupled }) => syncOnlyCoupled).map(({ name }) => name);
  for (const { mapping, run } of lines)
    if (run?.keepsCreatingNew && limited.includes(mapping)) await clearOnlyCoupled(ports, mapping);
}

async function clearOnlyCoupled(ports: SyncPorts, mapping: MappingName): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const stored = (await ports.mappings.listDefinitions()).find(
      (each) => each.kind === 'overrides' && each.mapping === mapping,
    );
    const earlier = overridesSchema.safeParse(stored?.definition ?? {});
    if (!earlier.success) {
      ports.log('warning', 'mapping-not-changed', { mapping, code: 'definition-unreadable' });
      return;
    }
    if (earlier.data.syncOnlyCoupled === false) return;
    const definition = mergedOverrides(earlier.data, { syncOnlyCoupled: false });
    const saved = { kind: 'overrides', mapping, definition } as const;
    if ((await ports.mappings.saveDefinition(saved, stored?.version ?? null)) === null) continue;
    ports.log('information', 'mapping-changed', { mapping, changed: ['syncOnlyCoupled'] });
    return;
  }
}
