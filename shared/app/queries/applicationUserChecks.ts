/** Tests of the user the app is in Dataverse: active, with the right roles and privileges (A-89, documents D-151, D-152). */
import { SyncFailure } from '../../domain/common/failures.ts';
import { type DataverseId, dataverseId } from '../../domain/common/ids.ts';
import type { DataverseRow } from '../../domain/common/records.ts';
import {
  type IntegrationUserCode,
  integrationRoleIds,
  namesOf,
  roleProblem,
  type SecurityRole,
} from '../../domain/connection/integrationRoles.ts';
import { missingRights, tablesInUse } from '../../domain/connection/tableRights.ts';
import { codeJobsOf } from '../../domain/jobs/codeJobs.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { type CheckAnswer, type ConnectionCheck, check } from './connectionReport.ts';

/** All tests of the user. Never raises for what the service answers. */
export async function applicationUserChecks(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
): Promise<readonly ConnectionCheck[]> {
  const checks = await Promise.all([
    check('application-user', () => userAnswer(ports)),
    check('security-roles', () => rolesAnswer(ports)),
    check('privileges', () => privilegesAnswer(ports, mappings)),
  ]);
  return checks.map((each) => each.check);
}

/** The integration user must be active. A service that is strict refuses a disabled one before this is asked. */
async function userAnswer({ dataverse }: SyncPorts): Promise<CheckAnswer<boolean>> {
  const { userId } = await dataverse.whoAmI();
  const selection = { table: 'systemuser', attributes: ['fullname', 'isdisabled'] };
  const [user] = await dataverse.readByIds(selection, [userId]);
  if (user === undefined) {
    const message = `The app cannot read its own user ${userId}.`;
    const whatToDo = 'Give the application user a security role that may read users (docs/install.md).';
    return { value: false, outcome: 'warning', message, whatToDo };
  }
  const name = String(user.values['fullname'] ?? userId);
  if (user.values['isdisabled'] !== true)
    return { value: true, message: `The application user "${name}" is active.` };
  return {
    value: false,
    outcome: 'failed',
    code: 'USER_DISABLED',
    message: `The application user "${name}" is disabled.`,
    whatToDo: 'Enable the application user in the Power Platform admin center.',
  };
}

const adviceOf: Readonly<Record<Exclude<IntegrationUserCode, 'USER_DISABLED'>, string>> = {
  USER_NO_ROLES: 'Give it the security role of docs/install.md in the Power Platform admin center.',
  USER_IS_ADMIN: 'Take the administrator role from it, and give it the security role of docs/install.md.',
  USER_ROLES_MISSING:
    'Give it these roles, too: the solution of the integration lets its tables be used by them.',
};

/** Roles of its own: those of teams do not give what change tracking needs. */
async function rolesAnswer({ dataverse }: SyncPorts): Promise<CheckAnswer<boolean>> {
  const { userId } = await dataverse.whoAmI();
  const assigned = await assignedRoles(dataverse, userId);
  if (assigned === null)
    return { value: false, message: 'This organisation does not tell the roles of the application user.' };
  const [held, deployed] = await Promise.all([
    readRoles(dataverse, assigned),
    readRoles(dataverse, integrationRoleIds.map(dataverseId)),
  ]);
  const problem = roleProblem(held, deployed);
  if (problem === null) {
    return { value: true, message: `The application user has the roles ${namesOf(held).join(', ')}.` };
  }
  const { code, roles } = problem;
  const messages = {
    USER_NO_ROLES: 'The application user has no security role of its own.',
    USER_IS_ADMIN: `The application user has the role ${roles.join(', ')}, which may do everything.`,
    USER_ROLES_MISSING: `The application user lacks the roles ${roles.join(', ')}.`,
    USER_DISABLED: '',
  };
  const whatToDo = code === 'USER_DISABLED' ? '' : adviceOf[code];
  return { value: false, outcome: 'failed', code, message: messages[code], whatToDo };
}

async function assignedRoles(
  dataverse: SyncPorts['dataverse'],
  userId: DataverseId,
): Promise<readonly DataverseId[] | null> {
  const selection = { table: 'systemuserroles', attributes: ['roleid'] };
  try {
    const rows = await dataverse.readRows(selection, `systemuserid eq ${userId}`);
    return rows.flatMap(({ values: { roleid } }) =>
      typeof roleid === 'string' ? [dataverseId(roleid)] : [],
    );
  } catch (error) {
    if (error instanceof SyncFailure && error.code === 'table-not-found') return null;
    throw error;
  }
}

async function readRoles(
  dataverse: SyncPorts['dataverse'],
  ids: readonly DataverseId[],
): Promise<readonly SecurityRole[]> {
  const selection = { table: 'role', attributes: ['name', 'parentrootroleid', 'roletemplateid'] };
  const rows = ids.length === 0 ? [] : await dataverse.readByIds(selection, ids);
  return rows.map((row) => ({
    id: row.id,
    rootId: idIn(row, 'parentrootroleid'),
    templateId: idIn(row, 'roletemplateid'),
    name: String(row.values['name'] ?? row.id),
  }));
}

function idIn({ values }: DataverseRow, column: string): string | null {
  const value = values[column];
  return typeof value === 'string' ? value.toLowerCase() : null;
}

/** Whether it may write, too, which no reading shows. */
async function privilegesAnswer(
  { dataverse, policy }: SyncPorts,
  mappings: readonly TableMapping[],
): Promise<CheckAnswer<boolean>> {
  const jobs = codeJobsOf(policy.documents).map(({ name }) => name);
  const tables = tablesInUse(
    mappings.map((mapping) => mapping.dataverse.table),
    jobs.filter((name) => !policy.disabledJobs.includes(name)),
  );
  const held = await dataverse.rightsOn(tables);
  if (held === null) {
    const message = 'This organisation does not tell the privileges of the application user.';
    return { value: false, message };
  }
  const { missing, narrow } = missingRights(held);
  if (missing.length > 0) {
    return {
      value: false,
      outcome: 'failed',
      message: `The application user lacks privileges: ${missing.join('; ')}.`,
      whatToDo: 'Give them to its security role, at organisation level (docs/install.md).',
    };
  }
  if (narrow.length === 0) {
    return {
      value: true,
      message: `The application user may read and write all ${held.length} tables in use.`,
    };
  }
  return {
    value: false,
    outcome: 'warning',
    message: `The application user may read a part only of ${narrow.join(', ')}; changes elsewhere are not seen.`,
    whatToDo: 'Give its security role Read at organisation level on these tables.',
  };
}
