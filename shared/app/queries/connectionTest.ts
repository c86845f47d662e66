/** What Test Connection looks at beyond the state of both connections: rights, users, currency, storage. */
import { SyncFailure } from '../../domain/common/failures.ts';
import { emptyGuid } from '../../domain/common/ids.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { fitForRun } from '../fitMappings.ts';
import type { SyncPorts } from '../syncPorts.ts';
import {
  type CheckAnswer,
  type ConnectionCheck,
  type ConnectionReport,
  check,
  connectionReport,
} from './connectionReport.ts';
import { companionPagesAnswer, type Foundations, foundationChecks, rolesAnswer } from './foundationChecks.ts';

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
  const [there, here, storage, others] = await Promise.all([
    report.businessCentral.reachable ? businessCentralChecks(ports, enabled) : [],
    report.dataverse.reachable ? dataverseChecks(ports, enabled) : [],
    storageCheck(ports),
    foundationChecks(foundations),
  ]);
  return {
    businessCentral: withChecks(report.businessCentral, there),
    dataverse: withChecks(report.dataverse, here),
    checks: [storage, ...others],
  };
}

/** The token comes first: where it is refused, nothing else can pass. */
function withChecks<
  Connection extends { readonly reachable: boolean; readonly checks: readonly ConnectionCheck[] },
>(connection: Connection, more: readonly ConnectionCheck[]): Connection {
  return { ...connection, checks: [tokenCheck(connection), ...connection.checks, ...more] };
}

function tokenCheck({ reachable, checks }: Pick<ConnectionReport['dataverse'], 'reachable' | 'checks'>) {
  const refusal = checks.find(({ outcome }) => outcome === 'failed');
  if (reachable || refusal === undefined) {
    return {
      name: 'token',
      outcome: 'passed',
      message: 'The service accepts the token of the app.',
      whatToDo: '',
    } as const;
  }
  const { message, whatToDo } = refusal;
  return { name: 'token', outcome: 'failed', message, whatToDo } as const;
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
  const user = await check('application-user', () => userAnswer(ports));
  const roles = await check('security-roles', () => rolesAnswer(ports));
  const currency = await check('base-currency', () => currencyAnswer(ports));
  return [rights.check, user.check, roles.check, currency.check];
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

/** The integration user must be active. */
async function userAnswer({ dataverse }: SyncPorts): Promise<CheckAnswer<boolean>> {
  const { userId } = await dataverse.whoAmI();
  const selection = { table: 'systemuser', attributes: ['fullname', 'isdisabled'] };
  const [user] = await dataverse.readByIds(selection, [userId]);
  if (user === undefined) {
    const message = `The app cannot read its own user ${userId}.`;
    const whatToDo = 'Give the application user the integration role, which may read users.';
    return { value: false, outcome: 'warning', message, whatToDo };
  }
  const name = String(user.values['fullname'] ?? userId);
  if (user.values['isdisabled'] !== true)
    return { value: true, message: `The application user "${name}" is active.` };
  const whatToDo = 'Enable the application user in the Power Platform admin center.';
  return {
    value: false,
    outcome: 'failed',
    message: `The application user "${name}" is disabled.`,
    whatToDo,
  };
}

/** The local currency of the company has to exist in Sales; a run of CURRENCY makes it. */
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
