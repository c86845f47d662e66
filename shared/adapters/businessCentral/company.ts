/** The configured company, and what of the companion app is installed in its environment. */
import { z } from 'zod';
import { SyncFailure } from '../../domain/common/failures.ts';
import { isGuid } from '../../domain/common/ids.ts';
import type { BusinessCentralCompany } from '../../ports/businessCentral.ts';
import { HttpFailure } from '../http/httpFailure.ts';
import { readShape } from '../http/json.ts';
import { routeUrl } from './address.ts';
import { answerOf, type Client, jsonHeaders, setUrl } from './client.ts';
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

/** A set that every version of the companion app has. */
const oldestCompanionSet = 'customerExtras';

const serviceDocument = z.object({ value: z.array(z.looseObject({ name: z.string() })).catch([]) });

/** The companion app of an environment, as far as its route tells. */
export interface CompanionApp {
  readonly installed: boolean;
  /** Sets the route lists. */
  readonly sets: ReadonlySet<string>;
}

/** The companion app's sets; 404 is the answer of an environment without it, unless one of its sets answers after all. */
export async function findCompanionApp(client: Client): Promise<CompanionApp> {
  const url = routeUrl(client.baseUrl, 'companion');
  const text = await answerUnlessMissing(client, url);
  if (text === null)
    return { installed: await companionSetAnswers(client, oldestCompanionSet), sets: new Set() };
  const document = serviceDocument.safeParse(jsonOrNull(text));
  const names = document.success ? document.data.value.map(({ name }) => name) : [];
  return { installed: true, sets: new Set(names) };
}

/** Whether a set of the companion app answers; 404 says that it does not exist. */
export async function companionSetAnswers(client: Client, entitySet: string): Promise<boolean> {
  const url = `${await setUrl(client, 'companion', entitySet)}?$top=1`;
  return (await answerUnlessMissing(client, url)) !== null;
}

/** What the first row of a companion set shows; empty without a row. Metadata would name the same, at far greater length. */
export async function companionPropertiesOf(client: Client, entitySet: string): Promise<ReadonlySet<string>> {
  const url = `${await setUrl(client, 'companion', entitySet)}?$top=1`;
  const text = await answerUnlessMissing(client, url);
  const list = listOfObjects.safeParse(text === null ? null : jsonOrNull(text));
  const [first = {}] = list.success ? list.data.value : [];
  return new Set(Object.keys(first).filter((name) => !name.startsWith('@')));
}

const listOfObjects = z.object({ value: z.array(z.record(z.string(), z.unknown())) });

async function answerUnlessMissing(client: Client, url: string): Promise<string | null> {
  try {
    const request = { method: 'GET', url, headers: jsonHeaders, idempotent: true } as const;
    return (await client.transport.send(request, client.meter)).text;
  } catch (failure) {
    if (failure instanceof HttpFailure && failure.status === 404) return null;
    throw failure;
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
