/** An environment of Business Central without the companion app. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planRuns } from '../../shared/app/queries/planRuns.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import type { TableMapping } from '../../shared/domain/mappings/model.ts';
import { startWorld, type World } from './world.ts';

let world: World;

/** SALESPEOPLE as a mapping whose own page is the companion app's, which cannot run at all here. */
function onCompanion(mapping: TableMapping): TableMapping {
  if (mapping.name !== 'OPPORTUNITY') return mapping;
  const job = { frequencyMinutes: 30, inactivityTimeoutMinutes: 0, category: null };
  const { businessCentral } = mapping;
  return {
    ...mapping,
    job,
    businessCentral: { ...businessCentral, route: 'companion', entitySet: 'resources' },
  };
}

beforeAll(async () => {
  world = await startWorld({ companionApp: false, change: onCompanion });
  await world.fullSync();
});
afterAll(() => world.close());

describe('without the companion app', () => {
  it('customers, vendors and contacts synchronise with the fields of the standard API', async () => {
    expect(world.dataverse.rows('account').filter((row) => row['customertypecode'] === 3)).toHaveLength(75);
    expect(world.businessCentral.records('customers')).toHaveLength(63 + 10);
    expect(world.dataverse.rows('contact')).toHaveLength(20 + 104);
    const robert = world.dataverse.rows('contact').find((row) => row['fullname'] === 'Robert Townes');
    const adatum = world.dataverse.rows('account').find((row) => row['name'] === 'Adatum Corporation');
    expect(robert).toMatchObject({ firstname: 'Robert', lastname: 'Townes' });
    expect(robert?.['_parentcustomerid_value']).toBe(adatum?.['accountid']);
    const errors = await world.openErrors();
    expect(errors.map(({ mapping }) => mapping).toSorted()).toEqual(['CONTACT', 'CUSTOMER']);
  });

  it('the job entry names what is missing, and the log says it once', async () => {
    const entry = (await world.ports.jobs.get('CUSTOMER'))?.entry;
    expect(entry?.lastRun?.outcome).toBe('success');
    expect(entry?.errorMessage).toContain('CUSTOMER runs without the fields address1_primarycontactname');
    expect(entry?.errorMessage).toContain('the companion app is not installed');
    await world.run('CUSTOMER');
    const told = world.events.filter(
      ({ event, details }) => event === 'companion-app-missing' && details['mapping'] === 'CUSTOMER',
    );
    expect(told).toHaveLength(1);
  });

  it('a mapping of one of its own pages does nothing, and its job says why', async () => {
    const entry = (await world.ports.jobs.get('OPPORTUNITY'))?.entry;
    expect(entry?.lastRun?.outcome).toBe('success');
    expect(entry?.errorMessage).toBe(
      'OPPORTUNITY does not run: the companion app is not installed in Business Central.',
    );
    const query = { mapping: mappingName('OPPORTUNITY') };
    expect((await world.ports.logs.listSyncJobs(query, { top: 10, continuation: null })).rows).toEqual([]);
    const opportunity = findMapping(world.mappings, mappingName('OPPORTUNITY'));
    expect((await planRuns(world.ports, world.mappings, [opportunity], 'manual')).actions).toEqual([]);
  });

  it('its set-up page is not asked for', () => {
    expect(world.events.filter(({ event }) => event === 'page-missing')).toEqual([]);
  });

  it('a second synchronisation changes nothing (P4)', async () => {
    await world.advanceMinutes(30);
    for (const { name } of world.mappings) {
      for (const { counts } of await world.run(name, 'fullSync')) {
        expect(counts, name).toMatchObject({ inserted: 0, modified: 0 });
      }
    }
  });
});
