/** An adapter on a company in memory, for tests, with what it sent and logged. */
import { SyncFailure } from '../../domain/common/failures.ts';
import { businessCentralId } from '../../domain/common/ids.ts';
import type { BusinessCentralRecord, FieldValues } from '../../domain/common/records.ts';
import type { BusinessCentral, BusinessCentralSelection } from '../../ports/businessCentral.ts';
import { RequestMeter } from '../../ports/requestMeter.ts';
import { HttpFailure } from '../http/httpFailure.ts';
import { createBusinessCentral } from './businessCentral.ts';
import { CompanyDouble, doubleCompany, doubleUrl } from './companyDouble.ts';

/** Customers with two companion sets. */
export const customers: BusinessCentralSelection = {
  entitySet: 'customers',
  route: 'v2.0',
  properties: ['displayName', 'city'],
  companions: [
    { entitySet: 'customerExtras', properties: ['faxNumber'] },
    { entitySet: 'customerNotes', properties: ['note'] },
  ],
};
/** Customers without companions. */
export const plainCustomers: BusinessCentralSelection = { ...customers, companions: [] };
/** Keys of the companion values. */
export const fax = 'customerExtras/faxNumber';
export const note = 'customerNotes/note';

/** The id of customer number `number`. */
export const guid = (number: number): string => `aaaaaaaa-0000-0000-0000-${String(number).padStart(12, '0')}`;

/** The failure of a request whose answer was lost. */
export const broken = (): SyncFailure =>
  new SyncFailure({ kind: 'transient', code: 'request-timed-out', message: 'Late.', outcomeUnknown: true });
/** The failure of a request that was refused for load to the last. */
export const tooMany = (): HttpFailure =>
  new HttpFailure({ kind: 'throttled', code: 'throttled', message: 'Busy.', status: 429, serviceCode: '' });

/** What tests of writes work with. */
export interface CompanyHarness {
  readonly double: CompanyDouble;
  readonly port: BusinessCentral;
  readonly meter: RequestMeter;
  /** Names of the events logged. */
  readonly events: readonly string[];
  /** Records as the engine would have read them; reading them is not counted. */
  readonly records: readonly BusinessCentralRecord[];
}

/** A company with `count` customers, read with a selection. */
export async function companyHarness(count: number, selection = customers): Promise<CompanyHarness> {
  const double = new CompanyDouble(['customers', 'customerExtras', 'customerNotes']);
  const events: string[] = [];
  const log = (_level: string, event: string): void => void events.push(event);
  const options = { baseUrl: doubleUrl, company: doubleCompany.id, log, now: () => 0 };
  const port = createBusinessCentral({ ...options, transport: double.transport });
  const ids = Array.from({ length: count }, (_, index) => businessCentralId(guid(index + 1)));
  for (const id of ids) {
    double.add(id, {
      customers: { displayName: 'Old', city: 'Here' },
      customerExtras: { faxNumber: 'old' },
      customerNotes: { note: 'old' },
    });
  }
  const records = await port.readByIds(selection, ids);
  double.forget();
  const meter = new RequestMeter();
  return { double, port: port.metered(meter), meter, events, records };
}

/** The same change to all records of the harness. */
export async function updateAll(
  { port, records }: CompanyHarness,
  values: FieldValues,
  selection = customers,
): Promise<Awaited<ReturnType<BusinessCentral['update']>>> {
  return port.update(
    selection,
    records.map((record) => ({ record, values })),
  );
}
