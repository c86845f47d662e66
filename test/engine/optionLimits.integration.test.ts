/** Where option mappings do nothing, and say why (E-82). */
import { afterEach, describe, expect, it } from 'vitest';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import type { OptionColumn, TableMapping } from '../../shared/domain/mappings/model.ts';
import { intercept } from './intercept.ts';
import { startWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

/** A demo world with `over` laid over its option mappings. */
async function start(over: Partial<TableMapping> = {}): Promise<void> {
  world = await startWorld({
    change: (mapping) => (mapping.kind === 'option' ? { ...mapping, ...over } : mapping),
  });
}

const terms = { table: 'account', attribute: 'paymenttermscode' };
const agents = { table: 'account', attribute: 'address1_shippingmethodcode' };

async function labelsOf(column: OptionColumn): Promise<ReadonlyMap<number, string>> {
  const [read] = await world.ports.dataverse.readOptions([column]);
  return new Map(read?.options.map(({ value, label }) => [value, label]));
}

async function runWith(ports: SyncPorts, job: string): Promise<void> {
  const runId = ports.ids.runId(ports.clock.now());
  await executeRun(ports, world.mappings, { job, runId, trigger: 'fullSync', followedBy: [] });
}

describe('without the companion app', () => {
  it('the job of SHIPPING AGENT does nothing and says what it lacks', async () => {
    await start();
    const businessCentral = intercept(world.ports.businessCentral, {
      hasCompanionApp: () => async () => false,
    });
    await runWith({ ...world.ports, businessCentral }, 'SHIPPING AGENT');
    const job = await world.ports.jobs.get('SHIPPING AGENT');
    expect(job?.entry.errorMessage).toContain('SHIPPING AGENT');
    expect(job?.entry.errorMessage).toContain('companion app');
    expect((await labelsOf(agents)).size).toBe(7);
  });
});

describe('an option mapping in both directions', () => {
  it('stops the job: options travel one way only (E-82)', async () => {
    await start({ direction: 'both' });
    await world.run('PAYMENT TERMS', 'fullSync');
    const job = await world.ports.jobs.get('PAYMENT TERMS');
    expect(job?.entry.errorMessage).toContain('both directions');
    expect((await labelsOf(terms)).size).toBe(4);
  });
});
