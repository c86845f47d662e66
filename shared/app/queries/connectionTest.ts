/** What Test Connection looks at beyond the state of both connections: rights, users, currency, storage. */
import { SyncFailure } from '../../domain/common/failures.ts';
import { emptyGuid } from '../../domain/common/ids.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { fitForRun } from '../fitMappings.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { applicationUserChecks } from './applicationUserChecks.ts';
import {
  type CheckAnswer,
  type ConnectionCheck,
  type ConnectionReport,
  check,
  companyInformation,
  connectionReport,
  organisationName,
} from './connectionReport.ts';
import { companionPagesAnswer, type Foundations, foundationChecks } from './foundationChecks.ts';

/** Checks of both services and of what belongs to neither. */
export interface ConnectionTest extends ConnectionReport {
  readonly checks: readonly ConnectionCheck[];
}

/** Asks everything a run needs, by cheap reads; writes nothing. Never raises for what a service answers. */
export async function testConnection(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  foundations: Foundations,
): Promise<ConnectionTest> {
  const enabled = mappings.filter((mapping) => mapping.enabled);
  const report = await connectionReport(ports, mappings);
  const { businessCentral, dataverse } = ports;
  const [thereToken, hereToken, there, here, storage, others] = await Promise.all([
    tokenCheck(report.businessCentral.reachable, async () => {
      await businessCentral.company();
      await businessCentral.readRows(companyInformation);
    }),
    tokenCheck(report.dataverse.reachable, async () => {
      await dataverse.whoAmI();
      await dataverse.readRows(organisationName, null);
    }),
    report.businessCentral.reachable ? businessCentralChecks(ports, enabled) : [],
    report.dataverse.reachable ? dataverseChecks(ports, enabled) : [],
    storageCheck(ports),
    foundationChecks(foundations),
  ]);
  return {
    businessCentral: withChecks(report.businessCentral, thereToken, there),
    dataverse: withChecks(report.dataverse, hereToken, here),
    checks: [storage, ...others],
  };
}

/** The token comes first: where it is refused, nothing else can pass. */
function withChecks<Connection extends { readonly checks: readonly ConnectionCheck[] }>(
  connection: Connection,
  token: ConnectionCheck,
  more: readonly ConnectionCheck[],
): Connection {
  return { ...connection, checks: [token, ...connection.checks, ...more] };
}

/** A service that is reached took the token; so did one that answers with something that is wrong in the settings. */
async function tokenCheck(reachable: boolean, ask: () => Promise<unknown>): Promise<ConnectionCheck> {
  const answer = await check('token', async () => {
    const message = 'The service accepts the token of the app.';
    if (reachable) return { value: true, message };
    await ask().catch((error: unknown) => {
      const isPastToken = error instanceof SyncFailure && !['permission', 'transient'].includes(error.kind);
      if (!isPastToken) throw error;
    });
    return { value: true, message };
  });
  return answer.check;
}

async function businessCentralChecks(ports: SyncPorts, mappings: readonly TableMapping[]) {
  const rights = await check('permissions', () =>
    rightsAnswer(ports, mappings, async ({ businessCentral: { entitySet, route, keyProperty } }) => {
      const selection = { entitySet, route, properties: [keyProperty], companions: [] };
      await ports.businessCentral.readChanges({ selection, modifiedFrom: ports.clock.now(), cursor: null });
    }),
  );
  const pages = await check('companion-pages', () => companionPagesAnswer(ports, mappings));
  return [rights.check, pages.check];
}

async function dataverseChecks(ports: SyncPorts, mappings: readonly TableMapping[]) {
  const rights = await check('permissions', () =>
    rightsAnswer(ports, mappings, async ({ dataverse: { table } }) => {
      const { idAttribute } = await ports.dataverse.table(table);
      await ports.dataverse.readRows({ table, attributes: [] }, `${idAttribute} eq ${emptyGuid}`);
    }),
  );
  const user = await applicationUserChecks(ports, mappings);
  const currency = await check('base-currency', () => currencyAnswer(ports));
  return [rights.check, ...user, currency.check];
}

/** Whether every mapping may read; one that cannot run anyway is told of by other checks. */
async function rightsAnswer(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  read: (mapping: TableMapping) => Promise<void>,
): Promise<CheckAnswer<boolean>> {
  const refusals: SyncFailure[] = [];
  const refused: string[] = [];
  await Promise.all(
    mappings.map(async (wanted) => {
      const { mapping } = await fitForRun(ports, wanted);
      if (!mapping.enabled) return;
      try {
        await read(mapping);
      } catch (error) {
        if (!(error instanceof SyncFailure) || error.kind === 'bug') throw error;
        refusals.push(error);
        refused.push(mapping.name);
      }
    }),
  );
  const [first] = refusals;
  if (first === undefined)
    return { value: true, message: 'The app may read the records of every table mapping.' };
  return {
    value: false,
    outcome: 'failed',
    message: `The records of ${refused.toSorted().join(', ')} cannot be read: ${first.message}`,
    whatToDo: first.suggestion ?? 'Give the app the permissions of the integration user.',
  };
}

/** The local currency of the company has to exist in Sales (A-89, D-153); a run of CURRENCY makes it. */
async function currencyAnswer({ businessCentral, dataverse }: SyncPorts): Promise<CheckAnswer<boolean>> {
  const code = await businessCentral.localCurrencyCode();
  if (code === '') {
    const message = 'The company has no local currency code.';
    const whatToDo = 'Fill in LCY Code on the page General Ledger Setup of Business Central.';
    return { value: false, outcome: 'failed', message, whatToDo };
  }
  if ((await dataverse.currencyOfIsoCode(code)) !== null) {
    return { value: true, message: `The local currency ${code} exists in Sales.` };
  }
  return {
    value: false,
    outcome: 'warning',
    code: 'LCY_NOT_IN_DATAVERSE',
    message: `The local currency ${code} does not exist in Sales yet.`,
    whatToDo:
      'Synchronise CURRENCY, or create the currency in Sales; without a rate to its base currency it cannot be made.',
  };
}

async function storageCheck({ jobs }: SyncPorts): Promise<ConnectionCheck> {
  const answer = await check('storage', async () => {
    const { length } = await jobs.list();
    return { value: length, message: `The storage account answers; it has ${length} job queue entries.` };
  });
  return answer.check;
}
