/** Opens the database of the environment: from a snapshot, with the demo company, or empty. */
import type { SimulatorClock } from '../common/clock.ts';
import { seededGuid, seededRandom } from '../common/random.ts';
import type { DemoBusinessCentralData, DemoRecord } from './demoData.ts';
import { createEmptyCompany, newCompanyInfo } from './emptyCompany.ts';
import { fillCompany } from './fillCompany.ts';
import { restoreSnapshot } from './snapshot.ts';
import { Company, type CompanyInfo } from './store/company.ts';
import { Database } from './store/database.ts';
import { SubscriptionStore } from './webhooks/subscriptionStore.ts';

/** Where the content comes from. */
export interface OpenOptions {
  readonly clock: SimulatorClock;
  readonly seed: number;
  readonly tieWidthMs: number;
  readonly data: DemoBusinessCentralData | null;
  readonly snapshot: object | null;
}

/** An open environment; `main` is its first company. */
export interface OpenedDatabase {
  readonly database: Database;
  readonly subscriptions: SubscriptionStore;
  readonly main: Company;
}

/** Opens it. Raises an Error that lists the problems of data or snapshot. */
export function openDatabase(options: OpenOptions): OpenedDatabase {
  const database = new Database(options);
  const random = seededRandom(options.seed + 2);
  const subscriptions = new SubscriptionStore(options.clock, () => subscriptionGuid(subscriptions, random));
  if (options.snapshot) restoreSnapshot(database, subscriptions, options.snapshot);
  else addCompanies(database, options.data);
  for (const main of database.companies.values()) return { database, subscriptions, main };
  throw new Error('The environment has no company.');
}

/** Skips ids that a restored subscription has. */
function subscriptionGuid(subscriptions: SubscriptionStore, random: () => number): string {
  let id = seededGuid(random);
  while (subscriptions.get(id.replaceAll('-', ''))) id = seededGuid(random);
  return id;
}

function infoOf(record: DemoRecord): CompanyInfo {
  return {
    id: String(record['id']),
    name: String(record['name']),
    displayName: String(record['displayName'] ?? record['name']),
    systemVersion: String(record['systemVersion'] ?? ''),
    createdAt: String(record['systemCreatedAt'] ?? ''),
    modifiedAt: String(record['systemModifiedAt'] ?? ''),
  };
}

/** The first company of the demo data is the filled one; the others have setup only. */
function addCompanies(database: Database, data: DemoBusinessCentralData | null): void {
  const add = (company: Company) => database.companies.set(company.info.id, company);
  if (!data) {
    add(createEmptyCompany(database, newCompanyInfo(database, 'My Company')));
    return;
  }
  const [first, ...others] = data['companies'] ?? [];
  const main = new Company(first ? infoOf(first) : newCompanyInfo(database, 'CRONUS International Ltd.'));
  add(main);
  fillCompany(database, main, data);
  for (const record of others) add(createEmptyCompany(database, infoOf(record)));
}
