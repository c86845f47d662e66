/** Security roles of the simulator: given and taken, what they allow, and how that is told (documents D-151, D-152). */
import { afterEach, describe, expect, it } from 'vitest';
import { startClient, stopAll } from '../testing/client.ts';

afterEach(stopAll);

const integrationUser = '6f960e32-a72b-e511-80d9-3863bb349780';
const integrationAdministrator = '8c8d4f51-a72b-e511-80d9-3863bb349780';
const administrator = { Authorization: 'Bearer administrator' };

async function organisation() {
  const client = await startClient();
  const { json } = await client.get('WhoAmI');
  const user = `systemusers(${String(json['UserId'])})`;
  const privilege = async (table: string, right: string) => {
    const answer = await client.get(
      `EntityDefinitions(LogicalName='${table}')?$select=LogicalName,Privileges`,
    );
    const all = answer.json['Privileges'] as { PrivilegeId: string; PrivilegeType: string }[];
    return all.find(({ PrivilegeType }) => PrivilegeType === right)?.PrivilegeId ?? '';
  };
  const take = async (role: string, PrivilegeId: string) =>
    client.send(
      'POST',
      `roles(${role})/Microsoft.Dynamics.CRM.RemovePrivilegeRole`,
      { PrivilegeId },
      administrator,
    );
  const held = async () => {
    const answer = await client.get(`${user}/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()`);
    const all = answer.json['RolePrivileges'] as { PrivilegeId: string; Depth: string }[];
    return new Map(all.map(({ PrivilegeId, Depth }) => [PrivilegeId, Depth]));
  };
  return { client, user, privilege, take, held };
}

describe('roles', () => {
  it('of the integration are given to the integration user, and are no administrators', async () => {
    const { client, user } = await organisation();
    const id = user.slice(12, -1);
    const given = await client.get(`systemuserrolescollection?$select=roleid&$filter=systemuserid eq ${id}`);
    expect(given.value.map(({ roleid }) => roleid).sort()).toEqual([
      integrationUser,
      integrationAdministrator,
    ]);
    const roles = await client.get('roles?$select=name,_roletemplateid_value,_parentrootroleid_value');
    const templates = roles.value.map(({ name, _roletemplateid_value }) => [
      name,
      _roletemplateid_value ?? null,
    ]);
    expect(templates).toContainEqual(['System Administrator', '627090ff-40a3-4053-8790-584edc5be201']);
    expect(templates.filter(([, template]) => template !== null)).toHaveLength(1);
  });

  it('can be taken and given, and survive a restart', async () => {
    const { client, user } = await organisation();
    const path = `${user}/systemuserroles_association`;
    expect((await client.send('DELETE', `${path}(${integrationUser})/$ref`)).status).toBe(204);
    const restarted = await startClient({ snapshot: client.simulator.snapshot() });
    expect((await restarted.get('systemuserrolescollection')).value).toHaveLength(1);
    const body = { '@odata.id': `${restarted.base}/roles(${integrationUser})` };
    expect((await restarted.send('POST', `${path}/$ref`, body)).status).toBe(204);
    expect((await restarted.get('systemuserrolescollection')).value).toHaveLength(2);
  });
});

describe('privileges', () => {
  it('are held while one of the roles holds them, and refused with 403 when none does', async () => {
    const { client, privilege, take, held } = await organisation();
    const create = await privilege('account', 'Create');
    await take(integrationUser, create);
    expect((await held()).get(create)).toBe('Global');
    expect((await client.send('POST', 'accounts', { name: 'One' })).status).toBe(204);
    await take(integrationAdministrator, create);
    expect((await held()).has(create)).toBe(false);
    const refused = await client.send('POST', 'accounts', { name: 'Two' });
    expect([refused.status, refused.errorCode]).toEqual([403, '0x80040220']);
    expect((await client.get('accounts')).value).toHaveLength(1);
    expect((await client.send('POST', 'accounts', { name: 'Two' }, administrator)).status).toBe(204);
  });

  it('of lines are those of their document, and rows without an owner are not assigned', async () => {
    const { privilege } = await organisation();
    expect(await privilege('salesorderdetail', 'Read')).toBe(await privilege('salesorder', 'Read'));
    expect(await privilege('product', 'Assign')).toBe('');
    expect(await privilege('account', 'Assign')).not.toBe('');
  });
});
