/** The configured company, and whether the companion app is installed in its environment. */
import { z } from 'zod';
import { SyncFailure } from '../../domain/common/failures.ts';
import { isGuid } from '../../domain/common/ids.ts';
import type { BusinessCentralCompany } from '../../ports/businessCentral.ts';
import { HttpFailure } from '../http/httpFailure.ts';
import { readShape } from '../http/json.ts';
import { routeUrl } from './address.ts';
import { answerOf, type Client, jsonHeaders } from './client.ts';
import { allRows, getPage } from './lists.ts';
import { queryString } from './odata.ts';

const companyShape = z.object({ id: z.guid(), name: z.string(), displayName: z.string().nullish() });
type Company = z.output<typeof companyShape>;

/**
 * Finds a company by id, name or display name, without regard to case. Raises SyncFailure `company-not-found`
 * naming those there are, `connection-failed` when the service cannot be reached.
 */
export async function findCompany(client: Client, wanted: string): Promise<BusinessCentralCompany> {
  const companies = await listCompanies(client);
  const text = wanted.toLowerCase();
  const isWanted = (name: string | null | undefined): boolean => name?.toLowerCase() === text;
  const found =
    companies.find(({ id }) => isWanted(id)) ??
    companies.find(({ name }) => isWanted(name)) ??
    companies.find(({ displayName }) => isWanted(displayName));
  if (found === undefined) throw companyNotFound(wanted, companies);
  return { id: found.id.toLowerCase(), name: found.name };
}

/** The id when the company is configured by id, which saves a request; null otherwise. */
export function companyIdOf(wanted: string): string | null {
  return isGuid(wanted) ? wanted.toLowerCase() : null;
}

async function listCompanies(client: Client): Promise<readonly Company[]> {
  const query = queryString({ select: ['id', 'name', 'displayName'] });
  const url = `${routeUrl(client.baseUrl, 'v2.0')}/companies${query}`;
  try {
    const rows = await allRows(client, await getPage(client, url, 'companies'), 'companies');
    return readShape(z.array(companyShape), rows, answerOf(client, 'GET companies'));
  } catch (failure) {
    if (failure instanceof SyncFailure && failure.kind === 'transient') throw connectionFailed(failure);
    throw failure;
  }
}

function connectionFailed(failure: SyncFailure): SyncFailure {
  return new SyncFailure({
    kind: 'transient',
    code: 'connection-failed',
    message: failure.message,
    suggestion: 'Check BUSINESS_CENTRAL_URL and that Business Central can be reached.',
    cause: failure,
  });
}

function companyNotFound(wanted: string, companies: readonly Company[]): SyncFailure {
  const names = companies.map(({ name }) => `"${name}"`).join(', ');
  return new SyncFailure({
    kind: 'config',
    code: 'company-not-found',
    message: `There is no company "${wanted}" in Business Central. There is: ${names === '' ? 'none' : names}.`,
    suggestion: 'Set BUSINESS_CENTRAL_COMPANY to the id or name of one of these.',
  });
}

/** Whether the companion app's route answers; 404 is the answer of an environment without it. */
export async function companionRouteAnswers(client: Client): Promise<boolean> {
  const url = routeUrl(client.baseUrl, 'companion');
  try {
    await client.transport.send({ method: 'GET', url, headers: jsonHeaders, idempotent: true }, client.meter);
    return true;
  } catch (failure) {
    if (failure instanceof HttpFailure && failure.status === 404) return false;
    throw failure;
  }
}
