/** What an organisation lacks, as the simulators tell it: found out in few requests, and told where people look. */
import { afterEach, describe, expect, it } from 'vitest';
import { fitAll } from '../../shared/app/fitMappings.ts';
import { connectionReport } from '../../shared/app/queries/connectionReport.ts';
import { defaultMappings } from '../../shared/domain/mappings/catalog.ts';
import { allCompanyVariants } from '../../shared/domain/mappings/variants.ts';
import { RequestMeter } from '../../shared/ports/requestMeter.ts';
import { startWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

/** Takes an option away, as a customizer would. */
async function removeOption(table: string, column: string, Value: number): Promise<void> {
  const answer = await fetch(`${world.dataverse.url}/api/data/v9.2/DeleteOptionValue`, {
    method: 'POST',
    headers: { Authorization: 'Bearer alice', 'Content-Type': 'application/json' },
    body: JSON.stringify({ EntityLogicalName: table, AttributeLogicalName: column, Value }),
  });
  expect(answer.status).toBe(204);
}

describe('fitting every default mapping', () => {
  it.each(allCompanyVariants)(
    'with %j costs two requests to Dataverse and two to Business Central, and nothing is missing',
    async (company) => {
      world = await startWorld({ demo: false });
      const meters = { businessCentral: new RequestMeter(), dataverse: new RequestMeter() };
      const ports = {
        ...world.ports,
        businessCentral: world.ports.businessCentral.metered(meters.businessCentral),
        dataverse: world.ports.dataverse.metered(meters.dataverse),
      };
      const fitted = await fitAll(ports, defaultMappings('person', company));
      expect(fitted.flatMap(({ shortcomings }) => shortcomings)).toEqual([]);
      expect(fitted.every(({ mapping }) => mapping.enabled)).toBe(true);
      expect([meters.businessCentral.sent, meters.dataverse.sent]).toEqual([1, 2]);
      await fitAll(ports, defaultMappings('person', company));
      expect([meters.businessCentral.sent, meters.dataverse.sent]).toEqual([1, 2]);
    },
  );
});

describe('an option number that the organisation does not have', () => {
  it('in a filter stops its mapping only, and the job and the connection name mapping, column and number', async () => {
    world = await startWorld({ demo: false });
    await removeOption('account', 'customertypecode', 3);
    world.businessCentral.create('customers', { displayName: 'Adatum' }, 'bob');
    const { dataverse } = await connectionReport(world.ports, world.mappings);
    expect(dataverse.checks.find(({ name }) => name === 'options')).toMatchObject({
      outcome: 'warning',
      message: expect.stringMatching(/^CUSTOMER does not run: .*"customertypecode" with 3,/),
      whatToDo: expect.stringContaining('Add the option'),
    });
    await world.run('CUSTOMER');
    expect((await world.ports.jobs.get('CUSTOMER'))?.entry.errorMessage).toMatch(
      /"customertypecode" with 3,/,
    );
    expect(world.dataverse.rows('account')).toEqual([]);
    await world.run('VENDOR');
    expect((await world.ports.jobs.get('VENDOR'))?.entry.errorMessage).toBe('');
  });

  it('in a rule is told, while the records that do not need it go on', async () => {
    world = await startWorld({ demo: false });
    await removeOption('productpricelevel', 'pricingmethodcode', 1);
    const [item] = await fitAll(
      world.ports,
      world.mappings.filter(({ name }) => name === 'ITEM-PRODUCT'),
    );
    expect(item?.mapping.enabled).toBe(true);
    expect(item?.shortcomings.map(({ message }) => message)).toEqual([
      'ITEM-PRODUCT cannot write the column "pricingmethodcode": its rule says 1, which column "pricingmethodcode" of table "productpricelevel" in Dataverse does not offer.',
    ]);
  });
});
