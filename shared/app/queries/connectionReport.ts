/** Checks of both connections, each with its outcome and what to do about it. */
import { SyncFailure } from '../../domain/common/failures.ts';
import { integrationUserCodes } from '../../domain/connection/integrationRoles.ts';
import type { Shortcoming, ShortcomingCode } from '../../domain/mappings/fitMapping.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { missingNotesPage } from '../documents/notes/notesPage.ts';
import { fitToBusinessCentral, shortcomingsOf } from '../fitMappings.ts';
import { missingStatisticsSolution, statisticsJob } from '../statistics/statisticsSolution.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** `warning`: the app works, but not all of it. */
export const checkOutcomes = ['passed', 'warning', 'failed'] as const;
export type CheckOutcome = (typeof checkOutcomes)[number];

/** One check of one connection. */
export interface ConnectionCheck {
  readonly name: string;
  readonly outcome: CheckOutcome;
  readonly message: string;
  /** Empty when there is nothing to do. */
  readonly whatToDo: string;
  /** The code that the rules of the integration give to what was found (D-152, D-153). */
  readonly code?: CheckCode;
}

/** Codes of findings about the application user and the local currency. */
export const checkCodes = [...integrationUserCodes, 'LCY_NOT_IN_DATAVERSE'] as const;
export type CheckCode = (typeof checkCodes)[number];

/** What all checks of one service say together. */
export interface ServiceConnection {
  readonly reachable: boolean;
  readonly checks: readonly ConnectionCheck[];
}

/** The state of both connections; what could not be read is null. */
export interface ConnectionReport {
  readonly businessCentral: ServiceConnection & {
    readonly company: { readonly id: string; readonly name: string } | null;
  };
  readonly dataverse: ServiceConnection & {
    readonly organization: { readonly id: string; readonly name: string } | null;
    readonly userId: string | null;
  };
}

/** What is read of either service to see whether it answers. */
export const companyInformation = { entitySet: 'companyInformation', route: 'v2.0', select: ['id'] } as const;
export const organisationName = { table: 'organization', attributes: ['name'] } as const;

/** Asks both services. Never raises for what a service answers: that is what the checks tell. */
export async function connectionReport(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
): Promise<ConnectionReport> {
  const [businessCentral, dataverse] = await Promise.all([
    businessCentralConnection(ports, mappings),
    dataverseConnection(ports, mappings),
  ]);
  return { businessCentral, dataverse };
}

async function businessCentralConnection(ports: SyncPorts, mappings: readonly TableMapping[]) {
  const { businessCentral } = ports;
  const company = await check('company', async () => {
    const { id, name } = await businessCentral.company();
    return { value: { id, name }, message: `The company is "${name}".` };
  });
  // The company is remembered, so only this request tells whether the service answers now.
  const reading = await check('read', async () => {
    await businessCentral.readRows(companyInformation);
    return { value: true, message: 'The app may read the company.' };
  });
  const companionApp = await check('companion-app', async () =>
    companionAnswer(await businessCentral.hasCompanionApp(), await companionShortcomings(ports, mappings)),
  );
  const checks = [company.check, reading.check, companionApp.check];
  return { reachable: company.value !== null && reading.value !== null, company: company.value, checks };
}

/** What the mappings, as fitted to Business Central alone, and notes of documents go without. */
async function companionShortcomings(ports: SyncPorts, mappings: readonly TableMapping[]) {
  const fitted = await Promise.all(mappings.map((mapping) => fitToBusinessCentral(ports, mapping)));
  const { orderIntegration, autoProcessQuotes } = ports.policy.documents;
  const hasDocuments = orderIntegration !== 'off' || autoProcessQuotes;
  const notes = hasDocuments ? await missingNotesPage(ports) : null;
  return [...fitted.flatMap(({ shortcomings }) => shortcomings), ...(notes === null ? [] : [notes])];
}

function companionAnswer(installed: boolean, shortcomings: readonly Shortcoming[]): CheckAnswer<boolean> {
  const consequences = shortcomings.map(({ message }) => message);
  if (installed && consequences.length === 0) {
    return { value: true, message: 'The companion app is installed.' };
  }
  const state = installed
    ? 'The companion app is installed in an older version.'
    : 'The companion app is not installed in this environment.';
  return {
    value: installed,
    outcome: 'warning',
    message: [state, ...consequences].join(' '),
    whatToDo: 'Install the companion app; until then, fields of its pages are not synchronised.',
  };
}

/** What a job of statistics that is to run misses (ST-2). */
async function statisticsShortcomings(ports: SyncPorts): Promise<readonly Shortcoming[]> {
  const missing = ports.policy.disabledJobs.includes(statisticsJob)
    ? null
    : await missingStatisticsSolution(ports);
  return missing === null ? [] : [missing];
}

/** What mappings and statistics miss among the tables, columns and options of the organisation. */
function dataverseAnswer(
  shortcomings: readonly Shortcoming[],
  codes: readonly ShortcomingCode[],
  passed: string,
): CheckAnswer<boolean> {
  const missing = shortcomings.filter(({ code }) => codes.includes(code));
  if (missing.length === 0) return { value: true, message: passed };
  return {
    value: false,
    outcome: 'warning',
    message: missing.map(({ message }) => message).join(' '),
    whatToDo: missing[0]?.suggestion ?? '',
  };
}

async function dataverseConnection(ports: SyncPorts, mappings: readonly TableMapping[]) {
  const { dataverse } = ports;
  const identity = await check('identity', async () => {
    const { userId, organizationId } = await dataverse.whoAmI();
    return { value: { userId, organizationId }, message: `The app is the user ${userId}.` };
  });
  // The identity is remembered, so only this request tells whether the service answers now.
  const organization = await check('read', async () => {
    const rows = await dataverse.readRows(organisationName, null);
    const name = String(rows[0]?.values['name'] ?? '');
    return { value: { name }, message: `The app may read the organisation "${name}".` };
  });
  const tables = await check('tables', async () =>
    dataverseAnswer(
      [...(await shortcomingsOf(ports, mappings)), ...(await statisticsShortcomings(ports))],
      ['table-missing', 'column-missing'],
      'Every mapped table and column exists.',
    ),
  );
  const options = await check('options', async () =>
    dataverseAnswer(
      await shortcomingsOf(ports, mappings),
      ['option-missing'],
      'Every option number that mappings rely on exists.',
    ),
  );
  const isReachable = identity.value !== null && organization.value !== null;
  return {
    reachable: isReachable,
    organization: isReachable ? { id: identity.value.organizationId, name: organization.value.name } : null,
    userId: identity.value?.userId ?? null,
    checks: [identity.check, organization.check, tables.check, options.check],
  };
}

/** What a check found; without an outcome it passed. */
export interface CheckAnswer<Value> {
  readonly value: Value;
  readonly message: string;
  readonly outcome?: CheckOutcome;
  readonly whatToDo?: string;
  readonly code?: CheckCode;
}

/** Asks, and makes what a service refuses a failed check. Raises what is our own fault. */
export async function check<Value>(
  name: string,
  ask: () => Promise<CheckAnswer<Value>>,
): Promise<{ readonly value: Value | null; readonly check: ConnectionCheck }> {
  try {
    const { value, message, outcome = 'passed', whatToDo = '', code } = await ask();
    return { value, check: { name, outcome, message, whatToDo, ...(code === undefined ? {} : { code }) } };
  } catch (error) {
    if (!(error instanceof SyncFailure) || error.kind === 'bug') throw error;
    const whatToDo = error.suggestion ?? 'Check the settings of this connection, then try again.';
    const code = isUserDisabled(error) ? ({ code: 'USER_DISABLED' } as const) : {};
    return { value: null, check: { name, outcome: 'failed', message: error.message, whatToDo, ...code } };
  }
}

/** Whether the service refused the app's user as disabled, which it does whatever is asked. */
function isUserDisabled(error: unknown): boolean {
  if (!(error instanceof SyncFailure)) return false;
  return error.code === 'user-disabled' || isUserDisabled(error.cause);
}
