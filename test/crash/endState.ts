/** The state of both systems and of the stores by content: no generated id, number or time is part of it. */
import { storesOver } from '../../shared/adapters/tableStorage/storeSet.ts';
import type { Coupling } from '../../shared/domain/couplings/coupling.ts';
import type { CrashWorld } from './crashWorld.ts';

type Plain = Readonly<Record<string, unknown>>;

export interface EndState {
  /** One line per record of either side. */
  readonly records: readonly string[];
  /** One line per coupling: both names and the state. */
  readonly couplings: readonly string[];
  /** One line per open error: mapping, record, code. */
  readonly openErrors: readonly string[];
  /** One line per entry of the retry list. */
  readonly retries: readonly string[];
  /** One line per job: status, attempts, outcome of the last run. */
  readonly jobs: readonly string[];
  /** What is wrong with the stores whatever happened: broken index, standing intents. */
  readonly faults: readonly string[];
}

const page = { top: 1000, continuation: null };

export async function readEndState(world: CrashWorld): Promise<EndState> {
  const stores = storesOver(world.tables, () => '');
  const couplings = (await stores.couplings.list({}, page)).rows;
  const errors = (await stores.logs.listErrors({ open: true }, page)).rows;
  const retries = (await Promise.all(world.mappings.map(({ name }) => stores.retries.list(name)))).flat();
  return {
    records: [...businessCentralLines(world), ...dataverseLines(world)].sort(),
    couplings: couplings.map(couplingLine).sort(),
    openErrors: errors.map(({ mapping, name, code }) => `${mapping} ${withoutNumber(name)} ${code}`).sort(),
    retries: retries
      .map(({ mapping, name, code, skipped }) => line(mapping, { name: withoutNumber(name), code, skipped }))
      .sort(),
    jobs: (await stores.jobs.list()).map(({ entry: { name, status, attempts, lastRun } }) =>
      line(name, { status, attempts, outcome: lastRun?.outcome }),
    ),
    faults: await storeFaults(world, couplings),
  };
}

function line(kind: string, values: Plain): string {
  return `${kind} ${JSON.stringify(values)}`;
}

function pick(row: Plain | undefined, names: readonly string[]): Plain {
  return Object.fromEntries(names.map((name) => [name, row?.[name] ?? '']));
}

/** Error names begin with the number of the record, which depends on the order of creation. */
function withoutNumber(name: string): string {
  return name.replace(/^(C|CT)\d+ /, '');
}

function couplingLine(coupling: Coupling): string {
  const { mapping, businessCentralName, dataverseName, state, lastError } = coupling;
  const names = [withoutNumber(businessCentralName), withoutNumber(dataverseName)];
  return line(mapping, { names, state, error: lastError?.code ?? null });
}

function businessCentralLines({ businessCentral }: CrashWorld): readonly string[] {
  const joined = (set: string, extras: string) =>
    businessCentral.records(set).map((row) => {
      const extra = businessCentral.record(extras, String(row['id'])) ?? {};
      return { ...extra, ...row };
    });
  const customer = [
    'displayName',
    'city',
    'country',
    'phoneNumber',
    'email',
    'currencyCode',
    'salespersonCode',
    'faxNumber',
  ];
  const contact = [
    'displayName',
    'type',
    'companyName',
    'city',
    'mobilePhoneNumber',
    'pager',
    'firstName',
    'surname',
  ];
  return [
    ...joined('customers', 'customerExtras').map((row) => line('customer', pick(row, customer))),
    ...joined('contacts', 'contactExtras').map((row) => line('person', pick(row, contact))),
    ...businessCentral
      .records('salespeoplePurchasers')
      .map((row) => line('salesperson', pick(row, ['code', 'displayName', 'email', 'phoneNo']))),
  ];
}

function dataverseLines({ dataverse }: CrashWorld): readonly string[] {
  const nameOf = (table: string, id: unknown, name: string) =>
    typeof id === 'string' ? dataverse.row(table, id)?.[name] : '';
  const related = (row: Plain) => ({
    owner: nameOf('systemuser', row['_ownerid_value'], 'fullname'),
    currency: nameOf('transactioncurrency', row['_transactioncurrencyid_value'], 'isocurrencycode'),
    parent: nameOf('account', row['_parentcustomerid_value'], 'name'),
  });
  const account = [
    'name',
    'address1_city',
    'address1_country',
    'telephone1',
    'emailaddress1',
    'fax',
    'customertypecode',
  ];
  const contact = ['fullname', 'address1_city', 'mobilephone', 'pager'];
  const optionOf = (row: Plain) => ({
    terms: dataverse
      .options('account', 'paymenttermscode')
      .find(({ value }) => value === row['paymenttermscode'])?.label,
  });
  const currency = ['isocurrencycode', 'currencyname', 'exchangerate'];
  return [
    ...dataverse
      .rows('account')
      .map((row) => line('account', { ...pick(row, account), ...related(row), ...optionOf(row) })),
    ...['account', 'salesorder', 'quote', 'invoice'].flatMap((table) =>
      dataverse.options(table, 'paymenttermscode').map(({ label }) => line(`${table} terms`, { label })),
    ),
    ...dataverse.rows('contact').map((row) => line('contact', { ...pick(row, contact), ...related(row) })),
    ...dataverse.rows('transactioncurrency').map((row) => line('currency', pick(row, currency))),
  ];
}

/** Reads the rows as stored: both rows of each coupling must name each other, and no intent may be left (P8, P2). */
async function storeFaults(world: CrashWorld, couplings: readonly Coupling[]): Promise<readonly string[]> {
  const { rows } = await world.tables.Couplings.query({});
  const keys = new Map(rows.map((row) => [`${row.partition} ${row.row}`, row.properties]));
  const faults: string[] = [];
  for (const { mapping, businessCentralId, dataverseId, businessCentralName } of couplings) {
    const index = keys.get(`${mapping} d|${dataverseId}`);
    if (index?.['businessCentralId'] !== businessCentralId) faults.push(`index of ${businessCentralName}`);
  }
  const others = rows.length - 2 * couplings.length;
  if (others !== 0)
    faults.push(`${others} rows beside the couplings: intents or index rows that lead nowhere`);
  const intents = rows.filter((row) => !/^[bd]\|/.test(row.row));
  return [...faults, ...intents.map((row) => `standing intent ${row.partition} ${row.row}`)];
}
