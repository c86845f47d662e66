/** Who may call: app roles of signed-in users, and no calls from pages of other sites (contract section 3). */
import { Buffer } from 'node:buffer';
import { z } from 'zod';
import { ApiError } from './apiError.ts';
import type { Headers } from './callerCheck.ts';

/** App roles; `Sync.Manage` includes the other two, which stand for the seeds' three security roles (D-151). */
export const appRoles = ['Sync.Read', 'Sync.Manage', 'ItemAvailability.Read'] as const;
export type AppRole = (typeof appRoles)[number];

/**
 * Checks the role of a signed-in user, as App Service authentication tells it in a header.
 *
 * Without that header there is nothing to check: in Azure the caller has shown a function key, and the local host listens
 * on this machine only. A forged header does not get here: callerCheck.ts hides it where the platform does not vouch for it.
 * Raises ApiError 401 or 403.
 */
export function checkRole(headers: Headers, needed: AppRole): void {
  const principal = headers.get('x-ms-client-principal');
  if (principal === null) return;
  const roles = rolesOf(principal);
  if (roles.includes(needed) || roles.includes('Sync.Manage')) return;
  const message = `This needs the app role ${needed}.`;
  throw new ApiError({ status: 403, code: 'role-missing', message });
}

/** Names of people are long; what a header may hold is longer. */
const mostUserUnits = 256;

/**
 * The name of the signed-in user as App Service authentication tells it; empty where it does not. It is remembered
 * with what the user asked for and decides nothing.
 */
export function userOf(headers: Headers): string {
  const principal = headers.get('x-ms-client-principal');
  if (principal === null) return '';
  const told = headers.get('x-ms-client-principal-name') ?? nameIn(principal);
  return told.slice(0, mostUserUnits);
}

const nameClaims = ['preferred_username', 'name', 'appid', 'azp'] as const;

/** Programs have no user name, but an application id. */
function nameIn(header: string): string {
  const principal = principalSchema.safeParse(decoded(header));
  const claims = principal.success ? (principal.data.claims ?? []) : [];
  return nameClaims.map((type) => claims.find(({ typ }) => typ === type)?.val).find(Boolean) ?? '';
}

const principalSchema = z.object({
  role_typ: z.string().nullish(),
  claims: z.array(z.object({ typ: z.string(), val: z.string() })).nullish(),
});

const roleClaims = ['roles', 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role'] as const;

function rolesOf(header: string): readonly string[] {
  const principal = principalSchema.safeParse(decoded(header));
  if (!principal.success) {
    throw new ApiError({ status: 401, code: 'sign-in-unreadable', message: 'The sign-in cannot be read.' });
  }
  const { role_typ, claims } = principal.data;
  const types = new Set<string>([...roleClaims, ...(role_typ ? [role_typ] : [])]);
  return (claims ?? []).filter(({ typ }) => types.has(typ)).map(({ val }) => val);
}

function decoded(header: string): unknown {
  try {
    return JSON.parse(Buffer.from(header, 'base64').toString('utf8'));
  } catch {
    return null;
  }
}

/**
 * Refuses a change that a page of another site asks for in the user's name: browsers tell where a request comes from
 * in Sec-Fetch-Site and Origin, programs send neither. Raises ApiError 403.
 */
export function checkSameSite(headers: Headers, url: string): void {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  const isForeignSite = site !== null && site !== 'same-origin' && site !== 'none';
  if (!isForeignSite && (origin === null || isOwnOrigin(origin, headers, url))) return;
  const message = 'Changes can be asked for by pages of this app and by programs only.';
  throw new ApiError({ status: 403, code: 'cross-site-request', message });
}

/** Host names are compared, not schemes: in Azure TLS ends before the app. */
function isOwnOrigin(origin: string, headers: Headers, url: string): boolean {
  const own = headers.get('host') ?? new URL(url).host;
  return URL.canParse(origin) && new URL(origin).host === own.toLowerCase();
}
