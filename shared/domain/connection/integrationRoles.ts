/** What the security roles of the application user have to be (documents D-151, D-152). */

/** A security role as far as it matters; a role of a business unit is a copy of one of the root unit. */
export interface SecurityRole {
  readonly id: string;
  readonly rootId: string | null;
  readonly templateId: string | null;
  readonly name: string;
}

/** The template of the role System Administrator, the same in every organisation. */
const administratorTemplate = '627090ff-40a3-4053-8790-584edc5be201';

/** Integration Administrator and Integration User, where their solution is installed (D-151). */
export const integrationRoleIds = [
  '8c8d4f51-a72b-e511-80d9-3863bb349780',
  '6f960e32-a72b-e511-80d9-3863bb349780',
] as const;

/** The codes of D-152. */
export const integrationUserCodes = [
  'USER_DISABLED',
  'USER_NO_ROLES',
  'USER_IS_ADMIN',
  'USER_ROLES_MISSING',
] as const;
/** One of {@link integrationUserCodes}. */
export type IntegrationUserCode = (typeof integrationUserCodes)[number];

/** What is wrong with the roles given to the user; the first that fits. `deployed` are the integration roles there are. */
export function roleProblem(
  held: readonly SecurityRole[],
  deployed: readonly SecurityRole[],
): { readonly code: IntegrationUserCode; readonly roles: readonly string[] } | null {
  if (held.length === 0) return { code: 'USER_NO_ROLES', roles: [] };
  const administrators = held.filter(({ templateId }) => templateId === administratorTemplate);
  if (administrators.length > 0) return { code: 'USER_IS_ADMIN', roles: namesOf(administrators) };
  const has = ({ id }: SecurityRole) => held.some((role) => role.id === id || role.rootId === id);
  const missing = deployed.filter((role) => !has(role));
  return missing.length === 0 ? null : { code: 'USER_ROLES_MISSING', roles: namesOf(missing) };
}

/** In the order of the alphabet. */
export function namesOf(roles: readonly SecurityRole[]): readonly string[] {
  return roles.map(({ name }) => name).toSorted();
}
