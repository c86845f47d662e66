/** Looks when the app starts whether both services have what the mappings ask for, long before the first run does. */
import { SyncFailure } from '../../domain/common/failures.ts';
import { toEpochMs } from '../../domain/common/instants.ts';
import { shortcomingsOf, tellOnce } from '../fitMappings.ts';
import type { SyncPorts } from '../syncPorts.ts';
import type { MappingCatalog } from './mappingCatalog.ts';

/** Metadata is kept for a day by the adapters; a service that did not answer is asked again sooner. */
const keptMs = 24 * 3_600_000;
const askAgainMs = 60_000;

/**
 * Gives a check to be called as often as the app is opened: it asks at the first call, a day later, or a minute after a
 * failure, and otherwise does nothing. Each shortcoming is logged once. Never raises: without an answer runs still look
 * for themselves.
 */
export function createMetadataCheck(ports: SyncPorts, catalog: MappingCatalog): () => Promise<void> {
  let askAtMs = 0;
  let isUnderWay = false;
  return async () => {
    const nowMs = toEpochMs(ports.clock.now());
    if (isUnderWay || nowMs < askAtMs) return;
    isUnderWay = true;
    try {
      const { mappings } = await catalog.current();
      tellOnce(ports, await shortcomingsOf(ports, mappings));
      askAtMs = nowMs + keptMs;
    } catch (error) {
      askAtMs = nowMs + askAgainMs;
      const code = error instanceof SyncFailure ? error.code : 'unexpected';
      const message = error instanceof Error ? error.message : String(error);
      ports.log('warning', 'metadata-not-read', { code, message });
    } finally {
      isUnderWay = false;
    }
  };
}
