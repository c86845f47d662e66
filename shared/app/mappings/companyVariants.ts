/** Which set-up Business Central has, as its companion app tells: unit groups and the price experience. */
import { toEpochMs } from '../../domain/common/instants.ts';
import { type CompanyVariants, usualVariants } from '../../domain/mappings/variants.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { isUnknownName } from './knownNames.ts';

/** The set-up changes once in years; a service that did not answer is asked again sooner. */
const keptMs = 3_600_000;
const askAgainMs = 60_000;

/** Properties of the set-up page of the companion app; a version without them has neither variant. */
const select = ['unitGroupMapping', 'extendedPricing'] as const;

const usual: CompanyVariants = {
  unitGroups: usualVariants.unitGroups,
  priceExperience: usualVariants.priceExperience,
};

/** Reads the set-up when first asked, then once an hour; while it cannot be read, what was known last, else the usual. */
export function readCompanyVariants(ports: SyncPorts): () => Promise<CompanyVariants> {
  let known = usual;
  let askAtMs = 0;
  return async () => {
    const nowMs = toEpochMs(ports.clock.now());
    if (nowMs < askAtMs) return known;
    try {
      known = await ask(ports);
      askAtMs = nowMs + keptMs;
    } catch (error) {
      askAtMs = nowMs + askAgainMs;
      ports.log('warning', 'set-up-not-read', { error });
    }
    return known;
  };
}

async function ask({ businessCentral }: SyncPorts): Promise<CompanyVariants> {
  if (!(await businessCentral.hasCompanionApp())) return usual;
  try {
    const request = { entitySet: 'integrationSetup', route: 'companion', select } as const;
    const [row] = await businessCentral.readRows(request);
    return {
      unitGroups: row?.['unitGroupMapping'] === true,
      priceExperience: row?.['extendedPricing'] === true ? 'new' : 'classic',
    };
  } catch (error) {
    if (isUnknownName(error)) return usual;
    throw error;
  }
}
