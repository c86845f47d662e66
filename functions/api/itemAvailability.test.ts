/** GET /api/item-availability (ST-36, ST-39 to ST-42). */
import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { fakeBusinessCentral } from '../../shared/composition/testing/fakeServices.ts';
import { memoryComposition, testNow } from '../../shared/composition/testing/memoryComposition.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { callApi } from './testing/callApi.ts';
import { couplingRow } from './testing/rows.ts';

const items = [
  { number: 'CHAIR', baseUnitOfMeasureCode: 'PCS', inventory: -3 },
  { number: 'LAMP', inventory: 1 },
];
const address = 'GET /api/item-availability';

/** The chair is coupled, the lamp is not. */
async function open() {
  const businessCentral = fakeBusinessCentral({ items });
  const { composition, ports } = memoryComposition({ ports: { businessCentral } });
  const {
    records: [chair],
  } = await businessCentral.readChanges({
    selection: { entitySet: 'items', route: 'v2.0', properties: [], companions: [] },
    modifiedFrom: null,
    cursor: null,
  });
  if (!chair) throw new Error('There is no chair.');
  const coupling = couplingRow(1, { mapping: mappingName('ITEM-PRODUCT'), businessCentralId: chair.id });
  await ports.couplings.save(coupling.mapping, [{ kind: 'create', coupling }]);
  const resource = couplingRow(2, { mapping: mappingName('RESOURCE-PRODUCT') });
  await ports.couplings.save(resource.mapping, [{ kind: 'create', coupling: resource }]);
  return { composition, ports, coupling, resource };
}

const answer = { itemNumber: 'CHAIR', baseUnit: 'PCS', inventory: 0, asOf: testNow };

function signedInWith(...roles: readonly string[]) {
  const claims = roles.map((role) => ({ typ: 'roles', val: role }));
  const principal = Buffer.from(JSON.stringify({ claims })).toString('base64');
  return { headers: { 'x-ms-client-principal': principal } };
}

describe('item availability', () => {
  it('is told by product or by item number, also while ITEM_AVAILABILITY is false (ST-32, ST-41)', async () => {
    const { composition, coupling } = await open();
    const byProduct = await callApi(
      composition,
      `${address}?dataverseProductId=${coupling.dataverseId.toUpperCase()}`,
    );
    expect(byProduct).toMatchObject({ status: 200, body: answer });
    expect(await callApi(composition, `${address}?itemNumber=chair`)).toMatchObject({
      status: 200,
      body: answer,
    });
  });

  it('answers 404 for what is not coupled, does not exist, or is a resource (ST-36, ST-41)', async () => {
    const { composition, resource } = await open();
    for (const query of [
      'itemNumber=LAMP',
      'itemNumber=NONE',
      `dataverseProductId=${resource.dataverseId}`,
    ]) {
      const { status, body } = await callApi(composition, `${address}?${query}`);
      expect(status, query).toBe(404);
      expect(body).toMatchObject({ error: { code: 'item-not-coupled' } });
    }
  });

  it('answers 400 when neither or both are given, or the id is no GUID', async () => {
    const { composition, coupling } = await open();
    const both = `?itemNumber=CHAIR&dataverseProductId=${coupling.dataverseId}`;
    for (const query of [
      '',
      both,
      '?dataverseProductId=CHAIR',
      '?itemNumber=',
      '?number=CHAIR',
      `?itemNumber=${'9'.repeat(21)}`,
    ]) {
      expect((await callApi(composition, `${address}${query}`)).status, query).toBe(400);
    }
  });

  it('needs the role ItemAvailability.Read, or Sync.Manage (D-151, A-6)', async () => {
    const { composition } = await open();
    const ask = (...roles: readonly string[]) =>
      callApi(composition, `${address}?itemNumber=CHAIR`, signedInWith(...roles));
    expect((await ask('ItemAvailability.Read')).status).toBe(200);
    expect((await ask('Sync.Manage')).status).toBe(200);
    expect((await ask('Sync.Read')).status).toBe(403);
    expect((await callApi(composition, 'GET /api/jobs', signedInWith('ItemAvailability.Read'))).status).toBe(
      403,
    );
  });

  it('is refused while the integration is switched off (ST-36)', async () => {
    const { composition, ports } = await open();
    const off = { enabled: false, changedAt: testNow, changedBy: 'ann', reason: '' };
    await ports.jobs.replaceIntegration(off, null);
    const refused = await callApi(composition, `${address}?itemNumber=CHAIR`);
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'integration-disabled' } } });
  });
});
