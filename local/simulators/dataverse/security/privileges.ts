/**
 * What a user may do with rows of a table, by security roles (documents D-151, D-152).
 *
 * Simplified: a role holds every privilege at organisation level but those taken from it, and a user without any role may do
 * everything, so that tests can act as whom they like. Roles of teams, depths and sharing are not simulated.
 */
import { v5 } from 'uuid';
import { DataverseError, errorCodes } from '../errors.ts';
import type { ActingUser, Organisation } from '../organisation.ts';
import type { Schema } from '../schema/schema.ts';
import { textOf } from '../store/row.ts';

/** What can be allowed on a table, as metadata names it. */
export const accessRights = [
  'Create',
  'Read',
  'Write',
  'Delete',
  'Append',
  'AppendTo',
  'Assign',
  'Share',
] as const;
/** One of {@link accessRights}. */
export type AccessRight = (typeof accessRights)[number];

/** Tables that are part of another have no privileges of their own. */
const ownedBy: Readonly<Record<string, string>> = {
  invoicedetail: 'invoice',
  quotedetail: 'quote',
  salesorderdetail: 'salesorder',
  uom: 'uomschedule',
};
const rolesOfUsers = 'systemuserroles';
const namespace = '5f0b8bb6-0f0e-4c58-9b7e-0f2f5b3b9a01';

const privilegeIds = new Map<string, string>();

/** Each is made once: all of them are named in every answer that describes tables. */
function privilegeId(name: string): string {
  const known = privilegeIds.get(name) ?? v5(name, namespace);
  privilegeIds.set(name, known);
  return known;
}

/** The privilege behind a right on a table. */
export function privilegeOf(
  table: string,
  right: AccessRight,
): { readonly id: string; readonly name: string } {
  const name = `prv${right}${ownedBy[table] ?? table}`;
  return { id: privilegeId(name), name };
}

/** Rights a table knows: only rows with an owner are assigned and shared. */
export function rightsOfTable(schema: Schema, table: string): readonly AccessRight[] {
  const isOwned = schema.byName.get(ownedBy[table] ?? table)?.ownership.startsWith('User') ?? false;
  return accessRights.filter((right) => isOwned || (right !== 'Assign' && right !== 'Share'));
}

/** Privileges taken from roles; state, as roles change while the simulator runs. */
export class PrivilegeBook {
  readonly #taken = new Map<string, Set<string>>();

  /** Safe to call twice. */
  take(roleId: string, privilegeId: string): void {
    this.#taken.set(roleId, (this.#taken.get(roleId) ?? new Set()).add(privilegeId));
  }

  holds(roleId: string, privilegeId: string): boolean {
    return this.#taken.get(roleId)?.has(privilegeId) !== true;
  }

  /** Whether every role holds everything. */
  get isWhole(): boolean {
    return this.#taken.size === 0;
  }

  toJson(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries([...this.#taken].map(([role, ids]) => [role, [...ids]]));
  }

  restore(taken: Readonly<Record<string, readonly string[]>>): void {
    for (const [role, ids] of Object.entries(taken)) for (const id of ids) this.take(role, id);
  }
}

/** The roles given to a user itself; none where the organisation has no such table. */
export function rolesOf({ schema, store }: Organisation, userId: string): readonly string[] {
  if (!schema.byName.has(rolesOfUsers)) return [];
  const rows = store.table(rolesOfUsers).withValue('systemuserid', userId);
  return rows.flatMap((row) => textOf(row, 'roleid') ?? []);
}

/** Every privilege the user holds. */
export function privilegesOf(
  organisation: Organisation,
  userId: string,
): readonly { id: string; name: string }[] {
  const { schema } = organisation;
  const hasRoles = schema.byName.has(rolesOfUsers);
  const roles = rolesOf(organisation, userId);
  const all = schema.tables.flatMap(({ logicalName }) =>
    rightsOfTable(schema, logicalName).map((right) => privilegeOf(logicalName, right)),
  );
  const distinct = [...new Map(all.map((privilege) => [privilege.id, privilege])).values()];
  return distinct.filter(
    ({ id }) => !hasRoles || roles.some((role) => organisation.privileges.holds(role, id)),
  );
}

/** Raises 403 when roles are given to the user and none of them holds the privilege (section 14). */
export function checkAccess(
  organisation: Organisation,
  { user }: ActingUser,
  table: string,
  right: AccessRight,
): void {
  if (organisation.privileges.isWhole) return;
  const userId = textOf(user, 'systemuserid') ?? '';
  const roles = rolesOf(organisation, userId);
  const { id, name } = privilegeOf(table, right);
  if (roles.length === 0 || roles.some((role) => organisation.privileges.holds(role, id))) return;
  const message = `Principal user (Id=${userId}, type=8, roleCount=${roles.length}) is missing ${name} privilege on OTC for entity '${table}'.`;
  throw new DataverseError(403, errorCodes.privilegeMissing, message);
}
