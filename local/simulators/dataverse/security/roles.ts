/** Security roles every organisation has, and how they are given to users (documents D-151). */
import { v5 } from 'uuid';
import type { SimulatorResponse } from '../../common/server.ts';
import { badPayload, methodNotAllowed, rowNotFound } from '../errors.ts';
import { bodyOf, jsonResponse, noContent, type RequestContext } from '../http/requestContext.ts';
import type { Organisation } from '../organisation.ts';
import { type Row, textOf } from '../store/row.ts';
import { parseReference } from '../write/parseBody.ts';
import { privilegesOf } from './privileges.ts';

/** The relation of users and roles. */
export const rolesNavigation = 'systemuserroles_association';

const administratorTemplate = '627090ff-40a3-4053-8790-584edc5be201';
const nonInteractive = 4;
const namespace = 'c1c3a1f0-7f2c-4b3e-8c58-6c2f9e1d7b02';

/** Names and ids; the two integration roles come with the base solution of the integration. */
const roles = [
  {
    id: 'b0de0001-0000-4000-8000-000000000001',
    name: 'System Administrator',
    template: administratorTemplate,
  },
  { id: '8c8d4f51-a72b-e511-80d9-3863bb349780', name: 'Integration Administrator', template: null },
  { id: '6f960e32-a72b-e511-80d9-3863bb349780', name: 'Integration User', template: null },
] as const;

/**
 * Makes the roles and gives those of the integration to the integration user. Versions and ids are fixed, so that an
 * organisation is otherwise the same with and without them. Safe to call twice.
 */
export function createRoles(organisation: Organisation): void {
  const { schema, store } = organisation;
  const table = schema.byName.get('role');
  if (table === undefined || !schema.byName.has('systemuserroles')) return;
  const unit = [...store.table('businessunit').rows()][0];
  for (const { id, name, template } of roles) {
    const businessunitid = unit === undefined ? null : textOf(unit, 'businessunitid');
    const own = { _businessunitid_value: businessunitid, _parentrootroleid_value: id };
    const ofTemplate = template === null ? {} : { _roletemplateid_value: template };
    store.put(table, { roleid: id, name, ...own, ...ofTemplate, versionnumber: 1 });
  }
  for (const user of store.table('systemuser').withValue('accessmode', nonInteractive)) {
    for (const { id, template } of roles) {
      if (template === null) give(organisation, textOf(user, 'systemuserid') ?? '', id);
    }
  }
}

function give({ store }: Organisation, userId: string, roleId: string): void {
  const row: Row = {
    systemuserroleid: v5(`${userId} ${roleId}`, namespace),
    systemuserid: userId,
    roleid: roleId,
  };
  store.put(store.tableOf('systemuserroles'), { ...row, versionnumber: 1 });
}

function takeAway({ store }: Organisation, userId: string, roleId: string): void {
  const table = store.tableOf('systemuserroles');
  for (const row of store.table('systemuserroles').withValue('systemuserid', userId)) {
    if (textOf(row, 'roleid') === roleId) store.remove(table, textOf(row, 'systemuserroleid') ?? '');
  }
}

/** `POST` and `DELETE` on `systemusers(id)/systemuserroles_association/$ref`. Raises 400, 404 and 405. */
export function roleOfUserRequest(
  context: RequestContext,
  userId: string,
  key: string | null,
): SimulatorResponse {
  const { organisation, request } = context;
  if (request.method === 'DELETE') {
    takeAway(organisation, userId, (key ?? '').toLowerCase());
    return noContent();
  }
  if (request.method !== 'POST') throw methodNotAllowed(request.method, rolesNavigation);
  const reference = bodyOf(context)['@odata.id'];
  if (typeof reference !== 'string') throw badPayload("The body of a reference needs '@odata.id'.");
  const { table, id } = parseReference(organisation.schema, reference);
  if (table.logicalName !== 'role' || !organisation.store.get(table, id)) throw rowNotFound('role', id);
  give(organisation, userId, id);
  return noContent();
}

/** `RetrieveUserPrivileges`, bound to a user. */
export function userPrivileges(context: RequestContext, userId: string): SimulatorResponse {
  const RolePrivileges = privilegesOf(context.organisation, userId).map(({ id, name }) => ({
    Depth: 'Global',
    PrivilegeId: id,
    BusinessUnitId: textOf(context.acting.user, '_businessunitid_value'),
    PrivilegeName: name,
  }));
  const type = `${context.base}/$metadata#Microsoft.Dynamics.CRM.RetrieveUserPrivilegesResponse`;
  return jsonResponse(context, { '@odata.context': type, RolePrivileges });
}

/** `RemovePrivilegeRole`, bound to a role. Raises 400. */
export function removePrivilege(context: RequestContext, roleId: string): SimulatorResponse {
  const id = bodyOf(context)['PrivilegeId'];
  if (typeof id !== 'string') throw badPayload("The action needs 'PrivilegeId'.");
  context.organisation.privileges.take(roleId, id.toLowerCase());
  return noContent();
}
