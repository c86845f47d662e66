/** The company, and what of the companion app there is. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { BusinessCentral, BusinessCentralSelection } from '../../ports/businessCentral.ts';
import { RequestMeter } from '../../ports/requestMeter.ts';
import { HttpFailure } from '../http/httpFailure.ts';
import { createBusinessCentral } from './businessCentral.ts';
import { CompanyDouble, doubleCompany, doubleUrl } from './companyDouble.ts';

const customers: BusinessCentralSelection = {
  entitySet: 'customers',
  route: 'v2.0',
  properties: ['number', 'displayName'],
  companions: [{ entitySet: 'customerExtras', properties: ['faxNumber'] }],
};

const plainCustomers: BusinessCentralSelection = { ...customers, companions: [] };
let double: CompanyDouble;
let events: { event: string; details: Readonly<Record<string, unknown>> }[];
let meter: RequestMeter;

function adapter(options: { company?: string; pageSize?: number } = {}): BusinessCentral {
  return createBusinessCentral({
    baseUrl: doubleUrl,
    company: options.company ?? doubleCompany.id,
    transport: double.transport,
    log: (_level, event, details) => void events.push({ event, details }),
    now: () => nowMs,
    ...(options.pageSize === undefined ? {} : { pageSize: options.pageSize }),
  }).metered(meter);
}

let nowMs = 0;

beforeEach(() => {
  double = new CompanyDouble(['customers', 'customerExtras']);
  events = [];
  meter = new RequestMeter();
  nowMs = 0;
});

describe('company and companion app', () => {
  it.each(['CRONUS', 'cronus international', doubleCompany.id.toUpperCase()])(
    'finds %s, once',
    async (company) => {
      const port = adapter({ company });
      await Promise.all([port.company(), port.company()]);
      expect(await port.company()).toEqual({ id: doubleCompany.id, name: 'CRONUS' });
      await port.readChanges({ selection: plainCustomers, modifiedFrom: null, cursor: null });
      expect(meter.sent).toBe(2);
    },
  );

  it('names the companies there are when the configured one is not among them', async () => {
    await expect(adapter({ company: 'Fabrikam' }).company()).rejects.toMatchObject({
      kind: 'config',
      code: 'company-not-found',
      message: 'There is no company "Fabrikam" in Business Central. There is: "CRONUS".',
    });
  });

  it('remembers the companion app, and asks for a missing one again after five minutes', async () => {
    let installed = false;
    double.onRequest = () => {
      if (installed) return undefined;
      throw new HttpFailure({ kind: 'config', code: 'x', message: 'x', status: 404, serviceCode: '' });
    };
    const port = adapter();
    expect(await port.hasCompanionApp()).toBe(false);
    installed = true;
    expect(await port.hasCompanionApp()).toBe(false);
    nowMs = 300_000;
    expect(await port.hasCompanionApp()).toBe(true);
    installed = false;
    nowMs = 9_000_000;
    expect(await port.hasCompanionApp()).toBe(true);
    // The route and one of its sets when it was missing, the route alone when it was there.
    expect(meter.sent).toBe(3);
  });

  it('takes the app for installed when a set answers although the route lists none', async () => {
    double.onRequest = ({ url }) => {
      if (url.includes('/customerExtras')) return undefined;
      throw new HttpFailure({ kind: 'config', code: 'x', message: 'x', status: 404, serviceCode: '' });
    };
    expect(await adapter().hasCompanionApp()).toBe(true);
  });

  it('asks a set itself that the route does not list, and remembers the answer', async () => {
    const port = adapter();
    expect(await port.hasCompanionSet('customerExtras')).toBe(true);
    const sent = meter.sent;
    double.onRequest = () => {
      throw new HttpFailure({ kind: 'config', code: 'x', message: 'x', status: 404, serviceCode: '' });
    };
    expect(await port.hasCompanionSet('vendorExtras')).toBe(false);
    expect(await port.hasCompanionSet('vendorExtras')).toBe(false);
    expect(meter.sent).toBe(sent + 1);
  });
});
