/** The mappings in force: read in one request, kept for seconds, renewed at once after a change; variants of Business Central. */
import { describe, expect, it } from 'vitest';
import { memoryPorts } from '../../../test/builders/ports.ts';
import { SyncFailure } from '../../domain/common/failures.ts';
import { mappingName } from '../../domain/common/ids.ts';
import type { MappingOverrides } from '../../domain/mappings/overrides.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { changeMapping } from './changeMapping.ts';
import { readCompanyVariants } from './companyVariants.ts';
import { createMappingCatalog } from './mappingCatalog.ts';

const noFiles = { read: async () => ({ files: [], unreadable: [] }) };
const settings = { ownershipModel: 'person', orderIntegration: 'off' } as const;
const customer = mappingName('CUSTOMER');

function stored(definition: MappingOverrides) {
  return { kind: 'overrides', mapping: customer, definition } as const;
}

describe('the catalog', () => {
  it('asks once for all callers of five seconds, then again', async () => {
    const { ports, stores, time } = memoryPorts();
    const catalog = createMappingCatalog(ports, noFiles, settings);
    const before = stores.requests.sent;
    await Promise.all([catalog.current(), catalog.current()]);
    time.nowMs += 4_999;
    await catalog.current();
    expect(stores.requests.sent - before).toBe(1);
    await ports.mappings.saveDefinition(stored({ syncOnlyCoupled: false }), null);
    const only = async () =>
      (await catalog.current()).mappings.find(({ name }) => name === customer)?.syncOnlyCoupled;
    expect(await only()).toBe(true);
    time.nowMs += 1;
    expect(await only()).toBe(false);
  });

  it('shows a change of this process at once, even while an older reading is under way', async () => {
    const { ports } = memoryPorts();
    const list = ports.mappings.listDefinitions;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const catalog = createMappingCatalog(ports, noFiles, settings);
    Object.assign(ports.mappings, {
      listDefinitions: async () => {
        const rows = await list();
        await held;
        return rows;
      },
    });
    const slow = catalog.current();
    Object.assign(ports.mappings, { listDefinitions: list });
    await changeMapping(ports, catalog, customer, { syncOnlyCoupled: false });
    release();
    await slow;
    const { mappings } = await catalog.current();
    expect(mappings.find(({ name }) => name === customer)?.syncOnlyCoupled).toBe(false);
  });

  it('tries again after a reading that failed', async () => {
    const { ports } = memoryPorts();
    const list = ports.mappings.listDefinitions;
    const away = new SyncFailure({ kind: 'transient', code: 'storage-unavailable', message: 'away' });
    Object.assign(ports.mappings, { listDefinitions: () => Promise.reject(away) });
    const catalog = createMappingCatalog(ports, noFiles, settings);
    await expect(catalog.current()).rejects.toThrow(away);
    Object.assign(ports.mappings, { listDefinitions: list });
    expect((await catalog.current()).entries.length).toBeGreaterThan(0);
  });

  it('gives up with mapping-busy when others keep writing', async () => {
    const { ports } = memoryPorts();
    const catalog = createMappingCatalog(ports, noFiles, settings);
    Object.assign(ports.mappings, { saveDefinition: async () => null });
    await expect(changeMapping(ports, catalog, customer, {})).rejects.toMatchObject({ code: 'mapping-busy' });
  });
});

describe('the variants of Business Central', () => {
  type BusinessCentral = SyncPorts['businessCentral'];
  const usual = { unitGroups: false, priceExperience: 'classic' };

  function withSetup(readRows: BusinessCentral['readRows'], installed = true) {
    const memory = memoryPorts();
    const businessCentral = { hasCompanionApp: async () => installed, readRows } as BusinessCentral;
    return { ...memory, ports: { ...memory.ports, businessCentral } };
  }

  it('are read from the companion app, and kept for an hour', async () => {
    let asked = 0;
    const { ports, time } = withSetup(async () => {
      asked += 1;
      return [{ unitGroupMapping: true, extendedPricing: true }];
    });
    const read = readCompanyVariants(ports);
    expect(await read()).toEqual({ unitGroups: true, priceExperience: 'new' });
    time.nowMs += 3_599_999;
    await read();
    expect(asked).toBe(1);
    time.nowMs += 1;
    await read();
    expect(asked).toBe(2);
  });

  it('are the usual ones without the companion app, or with a version that does not tell', async () => {
    const refuse = async () => {
      throw new SyncFailure({ kind: 'config', code: 'property-not-found', message: 'no such property' });
    };
    expect(await readCompanyVariants(withSetup(refuse).ports)()).toEqual(usual);
    expect(
      await readCompanyVariants(withSetup(async () => [{ unitGroupMapping: true }], false).ports)(),
    ).toEqual(usual);
    expect(await readCompanyVariants(withSetup(async () => []).ports)()).toEqual(usual);
  });

  it('stay as they were while Business Central is away, and are asked for again after a minute', async () => {
    let away = false;
    const { ports, time } = withSetup(async () => {
      if (away) throw new SyncFailure({ kind: 'transient', code: 'connection-failed', message: 'away' });
      return [{ unitGroupMapping: !away, extendedPricing: false }];
    });
    const read = readCompanyVariants(ports);
    const known = await read();
    away = true;
    time.nowMs += 3_600_000;
    expect(await read()).toEqual(known);
    expect(known).toEqual({ unitGroups: true, priceExperience: 'classic' });
    away = false;
    time.nowMs += 60_000;
    expect(await read()).toEqual(known);
  });
});
