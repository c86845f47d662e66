/** A company with nothing but setup: local currency GBP, country codes, business relation codes. */
import { seededGuid, seededRandom } from '../common/random.ts';
import type { Value } from './schema/entityModel.ts';
import type { Company, CompanyInfo } from './store/company.ts';
import { Company as CompanyStore } from './store/company.ts';
import type { Database } from './store/database.ts';
import { instantText } from './store/row.ts';

/** ISO 3166 alpha-2 codes. */
const countryCodes =
  'AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BR BS BT BW BY BZ CA CC CD CF CG ' +
  'CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG ' +
  'GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR ' +
  'KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC ' +
  'NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI ' +
  'SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN ' +
  'VU WF WS YE YT ZA ZM ZW';

function put(database: Database, company: Company, table: string, values: Record<string, Value>): void {
  const atMs = Math.floor(database.clock.now());
  const stamps = { createdAtMs: atMs, createdBy: 'setup', modifiedAtMs: atMs, modifiedBy: 'setup' };
  database.load(company.table(table), database.newGuid(), values, stamps);
}

/** The record of the `integrationSetup` page, unless the company has one. */
export function addIntegrationSetup(database: Database, company: Company): void {
  if (company.table('Integration Setup').size > 0) return;
  put(database, company, 'Integration Setup', {
    'Bus. Rel. Code for Customers': 'CUST',
    'Bus. Rel. Code for Vendors': 'VEND',
  });
}

const fiscalYears = { first: 2024, last: 2030 };

/** Months of calendar years as accounting periods; their ids do not draw from the database's random numbers. */
export function addAccountingPeriods(database: Database, company: Company): void {
  const atMs = Math.floor(database.clock.now());
  const stamps = { createdAtMs: atMs, createdBy: 'setup', modifiedAtMs: atMs, modifiedBy: 'setup' };
  for (let year = fiscalYears.first; year <= fiscalYears.last; year += 1) {
    for (let month = 1; month <= 12; month += 1) {
      const start = `${year}-${String(month).padStart(2, '0')}-01`;
      const values = { 'Starting Date': start, Name: start.slice(0, 7), 'New Fiscal Year': month === 1 };
      const id = seededGuid(seededRandom(year * 100 + month));
      database.load(company.table('Accounting Period'), id, values, stamps);
    }
  }
}

/** Creates a company with setup only. */
export function createEmptyCompany(database: Database, info: CompanyInfo): Company {
  const company = new CompanyStore(info);
  put(database, company, 'General Ledger Setup', { 'LCY Code': 'GBP', 'Local Currency Symbol': '£' });
  put(database, company, 'Company Information', { Name: info.displayName, 'Country/Region Code': 'GB' });
  const names = new Intl.DisplayNames('en', { type: 'region' });
  for (const code of countryCodes.split(' ')) {
    put(database, company, 'Country/Region', { Code: code, Name: (names.of(code) ?? code).slice(0, 50) });
  }
  addIntegrationSetup(database, company);
  addAccountingPeriods(database, company);
  return company;
}

/** What `companies` shows of a new company. */
export function newCompanyInfo(database: Database, name: string): CompanyInfo {
  const now = instantText(database.clock.now());
  return {
    id: database.newGuid(),
    name,
    displayName: name,
    systemVersion: '28.0.0.0',
    createdAt: now,
    modifiedAt: now,
  };
}
