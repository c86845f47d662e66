/** Which roles and rights the application user needs (documents D-151, D-152). */
import { describe, expect, it } from 'vitest';
import { integrationRoleIds, roleProblem, type SecurityRole } from './integrationRoles.ts';
import { missingRights, rightsByTable, tablesInUse } from './tableRights.ts';

const role = (id: string, more: Partial<SecurityRole> = {}): SecurityRole => ({
  id,
  rootId: null,
  templateId: null,
  name: `Role ${id.slice(0, 2)}`,
  ...more,
});
const deployed = integrationRoleIds.map((id) => role(id));
const administrator = role('ad', {
  templateId: '627090ff-40a3-4053-8790-584edc5be201',
  name: 'System Administrator',
});

describe('roles of the application user (D-152)', () => {
  it.each([
    ['none', [], deployed, { code: 'USER_NO_ROLES', roles: [] }],
    [
      'an administrator beside others',
      [...deployed, administrator],
      deployed,
      { code: 'USER_IS_ADMIN', roles: ['System Administrator'] },
    ],
    ['one of two', deployed.slice(0, 1), deployed, { code: 'USER_ROLES_MISSING', roles: ['Role 6f'] }],
    ['both', deployed, deployed, null],
    ['one of its own where the solution is not installed', [role('own')], [], null],
  ])('%s', (_what, held, there, problem) => {
    expect(roleProblem(held, there)).toEqual(problem);
  });

  it('of another business unit are copies of the roles of the root', () => {
    const copies = integrationRoleIds.map((rootId, index) => role(`copy ${index}`, { rootId }));
    expect(roleProblem(copies, deployed)).toBeNull();
  });
});

describe('rights of the application user', () => {
  it('are missing where the table knows them and the user lacks them', () => {
    const held = [
      {
        table: 'account',
        rights: {
          Read: 'Global',
          Create: null,
          Write: null,
          Append: 'Basic',
          AppendTo: 'Basic',
          Assign: 'Basic',
        },
      },
      {
        table: 'product',
        rights: { Read: 'Global', Create: 'Global', Write: 'Global', Append: 'Global', AppendTo: 'Global' },
      },
      { table: 'quote', rights: { Read: null, Write: null } },
    ] as const;
    expect(missingRights(held).missing).toEqual(['Create, Write on account', 'Read on quote']);
  });

  it('to delete are never asked for, and a narrow right to read is told', () => {
    expect(missingRights([{ table: 'contact', rights: { Read: 'Local', Delete: null } }])).toEqual({
      missing: [],
      narrow: ['contact'],
    });
    expect(Object.values(rightsByTable()).flat()).not.toContain('Delete');
  });

  it('are asked for on the tables in use, with those beside them, each once', () => {
    const tables = tablesInUse(['salesorder', 'product', 'new_table', 'product'], ['CUSTOMER STATISTICS']);
    expect(tables).toEqual(
      expect.arrayContaining(['organization', 'post', 'salesorderdetail', 'uom', 'nav_accountstatistics']),
    );
    expect(tables).not.toContain('new_table');
    expect(tables).not.toContain('invoice');
    expect(new Set(tables).size).toBe(tables.length);
  });
});
