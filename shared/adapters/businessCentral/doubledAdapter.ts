/** The adapter over a company double, with everything a test looks at afterwards. */
import type { BusinessCentral, BusinessCentralSelection } from '../../ports/businessCentral.ts';
import { RequestMeter } from '../../ports/requestMeter.ts';
import { createBusinessCentral } from './businessCentral.ts';
import { CompanyDouble, doubleCompany, doubleUrl } from './companyDouble.ts';

/** Customers with a companion page. */
export const customers: BusinessCentralSelection = {
  entitySet: 'customers',
  route: 'v2.0',
  properties: ['number', 'displayName'],
  companions: [{ entitySet: 'customerExtras', properties: ['faxNumber'] }],
};

/** Customers without their companions. */
export const plainCustomers: BusinessCentralSelection = { ...customers, companions: [] };

export interface AdapterOptions {
  readonly company?: string;
  readonly pageSize?: number;
}

/** A company of customers, nothing asked of it yet. */
export function doubledAdapter() {
  const double = new CompanyDouble(['customers', 'customerExtras']);
  const events: { readonly event: string; readonly details: Readonly<Record<string, unknown>> }[] = [];
  const meter = new RequestMeter();
  /** Epoch milliseconds; a test moves it. */
  const clock = { nowMs: 0 };
  const adapter = (options: AdapterOptions = {}): BusinessCentral =>
    createBusinessCentral({
      baseUrl: doubleUrl,
      company: options.company ?? doubleCompany.id,
      transport: double.transport,
      log: (_level, event, details) => void events.push({ event, details }),
      now: () => clock.nowMs,
      ...(options.pageSize === undefined ? {} : { pageSize: options.pageSize }),
    }).metered(meter);
  return { double, events, meter, clock, adapter };
}
