/** What the standard API shows of each set, by its `$metadata`: versions of the service differ (business-central-api section 1). */
import { HttpFailure } from '../http/httpFailure.ts';
import { routeUrl } from './address.ts';
import type { Client } from './client.ts';

/** Properties by set. */
export type StandardSets = ReadonlyMap<string, ReadonlySet<string>>;

const entitySet = /<EntitySet\b[^>]*\bName="(?<set>[^"]+)"[^>]*\bEntityType="(?:[^"]*\.)?(?<type>[^".]+)"/g;
const entityType = /<EntityType\b[^>]*\bName="(?<type>[^"]+)"[^>]*>(?<content>.*?)<\/EntityType>/gs;
const property = /<Property\b[^>]*\bName="(?<name>[^"]+)"/g;

/** Refusals that will not go away: whoever asks does without what the document would tell. */
const withoutDocument: readonly number[] = [400, 403, 404, 405, 406, 501];

/** Reads the document; a service that gives none tells of no set. Raises SyncFailure when it cannot be reached. */
export async function readStandardSets(client: Client): Promise<StandardSets> {
  const url = `${routeUrl(client.baseUrl, 'v2.0')}/$metadata`;
  const headers = { Accept: 'application/xml' };
  try {
    const request = { method: 'GET', url, headers, idempotent: true } as const;
    return setsIn((await client.transport.send(request, client.meter)).text);
  } catch (failure) {
    if (failure instanceof HttpFailure && withoutDocument.includes(failure.status)) return new Map();
    throw failure;
  }
}

/** The sets of a document; pure. */
export function setsIn(text: string): StandardSets {
  const types = new Map<string, ReadonlySet<string>>();
  for (const { groups } of text.matchAll(entityType)) {
    const names = [...(groups?.['content'] ?? '').matchAll(property)].map((each) => each.groups?.['name']);
    types.set(groups?.['type'] ?? '', new Set(names.flatMap((name) => name ?? [])));
  }
  const sets = [...text.matchAll(entitySet)].map(({ groups }): [string, ReadonlySet<string>] => {
    return [groups?.['set'] ?? '', types.get(groups?.['type'] ?? '') ?? new Set()];
  });
  return new Map(sets);
}
