/** The company, and what of the companion app there is. */
import { beforeEach, describe, expect, it } from 'vitest';
import { HttpFailure } from '../http/httpFailure.ts';
import { doubleCompany } from './companyDouble.ts';
import { doubledAdapter, plainCustomers } from './doubledAdapter.ts';

let service: ReturnType<typeof doubledAdapter>;

beforeEach(() => {
  service = doubledAdapter();
});

describe('company and companion app', () => {
  it.each(['CRONUS', 'cronus international', doubleCompany.id.toUpperCase()])(
    'finds %s, once',
    async (company) => {
      const port = service.adapter({ company });
      await Promise.all([port.company(), port.company()]);
      expect(await port.company()).toEqual({ id: doubleCompany.id, name: 'CRONUS' });
      await port.readChanges({ selection: plainCustomers, modifiedFrom: null, cursor: null });
      expect(service.meter.sent).toBe(2);
    },
  );

  it('names the companies there are when the configured one is not among them', async () => {
    await expect(service.adapter({ company: 'Fabrikam' }).company()).rejects.toMatchObject({
      kind: 'config',
      code: 'company-not-found',
      message: 'There is no company "Fabrikam" in Business Central. There is: "CRONUS".',
    });
  });

  it('remembers the companion app, and asks for a missing one again after five minutes', async () => {
    let installed = false;
    service.double.onRequest = () => {
      if (installed) return undefined;
      throw new HttpFailure({ kind: 'config', code: 'x', message: 'x', status: 404, serviceCode: '' });
    };
    const port = service.adapter();
    expect(await port.hasCompanionApp()).toBe(false);
    installed = true;
    expect(await port.hasCompanionApp()).toBe(false);
    service.clock.nowMs = 300_000;
    expect(await port.hasCompanionApp()).toBe(true);
    installed = false;
    service.clock.nowMs = 9_000_000;
    expect(await port.hasCompanionApp()).toBe(true);
    // The route and one of its sets when it was missing, the route alone when it was there.
    expect(service.meter.sent).toBe(3);
  });

  it('takes the app for installed when a set answers although the route lists none', async () => {
    service.double.onRequest = ({ url }) => {
      if (url.includes('/customerExtras')) return undefined;
      throw new HttpFailure({ kind: 'config', code: 'x', message: 'x', status: 404, serviceCode: '' });
    };
    expect(await service.adapter().hasCompanionApp()).toBe(true);
  });

  it('asks a set itself that the route does not list, and remembers the answer', async () => {
    const port = service.adapter();
    expect(await port.hasCompanionSet('customerExtras')).toBe(true);
    const sent = service.meter.sent;
    service.double.onRequest = () => {
      throw new HttpFailure({ kind: 'config', code: 'x', message: 'x', status: 404, serviceCode: '' });
    };
    expect(await port.hasCompanionSet('vendorExtras')).toBe(false);
    expect(await port.hasCompanionSet('vendorExtras')).toBe(false);
    expect(service.meter.sent).toBe(sent + 1);
  });
});
