/** Looks when the app starts whether both services have what the mappings ask for, long before the first run does. */
import { SyncFailure } from '../../domain/common/failures.ts';
import { toEpochMs } from '../../domain/common/instants.ts';
import { shortcomingsOf, tellOnce } from '../fitMappings.ts';
import type { SyncPorts } from '../syncPorts.ts';
import type { MappingCatalog } from './mappingCatalog.ts';

/** Metadata is kept for a day by the adapters; a service that did not answer is asked again sooner. */
const keptMs = 24 * 3_600_000;
const askAgainMs = 60_000;

/** The check of an app. */
export interface MetadataCheck {
  /**
   * To be called as often as the app is opened: it asks at the first call, a day later, or a minute after a failure, and
   * otherwise does nothing. Each shortcoming is logged once. Never raises: without an answer runs still look for themselves.
   */
  look(): Promise<void>;
  /** Whether an answer is waited for, so that services should not be stopped yet. */
  isAsking(): boolean;
}

/** Builds the check; asks nothing yet. */
export function createMetadataCheck(ports: SyncPorts, catalog: MappingCatalog): MetadataCheck {
  let askAtMs = 0;
  let underWay: Promise<void> | null = null;
  const ask = async (nowMs: number): Promise<void> => {
    try {
      const { mappings } = await catalog.current();
      tellOnce(ports, await shortcomingsOf(ports, mappings));
      askAtMs = nowMs + keptMs;
    } catch (error) {
      askAtMs = nowMs + askAgainMs;
      const code = error instanceof SyncFailure ? error.code : 'unexpected';
      const message = error instanceof Error ? error.message : String(error);
      ports.log('warning', 'metadata-not-read', { code, message });
    }
  };
  return {
    look: async () => {
      const nowMs = toEpochMs(ports.clock.now());
      if (underWay === null && nowMs < askAtMs) return;
      underWay ??= ask(nowMs).finally(() => {
        underWay = null;
      });
      await underWay;
    },
    isAsking: () => underWay !== null,
  };
}
