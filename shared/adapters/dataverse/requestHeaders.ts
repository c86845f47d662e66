/** Headers of Dataverse Web API requests (dataverse-web-api section 3). */

/** Tells which table a lookup points at; polymorphic lookups cannot be read without it (section 8). */
const lookupTables = 'odata.include-annotations="Microsoft.Dynamics.CRM.lookuplogicalname"';

/** Several preferences travel in one header. */
function prefer(preferences: readonly string[]): Readonly<Record<string, string>> {
  return preferences.length === 0 ? {} : { Prefer: preferences.join(',') };
}

/** Sent with every request. */
export const commonHeaders = {
  Accept: 'application/json',
  'OData-Version': '4.0',
  'OData-MaxVersion': '4.0',
} as const;

/** Headers of a GET; `If-None-Match: null` keeps cached answers away. */
export function readHeaders(options?: {
  readonly pageSize?: number;
  readonly trackChanges?: boolean;
}): Readonly<Record<string, string>> {
  const preferences = [
    ...(options?.trackChanges ? ['odata.track-changes'] : []),
    ...(options?.pageSize ? [`odata.maxpagesize=${options.pageSize}`] : []),
    lookupTables,
  ];
  return { ...commonHeaders, 'If-None-Match': 'null', ...prefer(preferences) };
}

/** Headers of a write that answers with the row as stored. `condition` is `If-Match` or `If-None-Match`. */
export function writeHeaders(condition: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return {
    ...commonHeaders,
    'Content-Type': 'application/json',
    ...condition,
    ...prefer(['return=representation', lookupTables]),
  };
}

/** Headers of an action. */
export const actionHeaders = { ...commonHeaders, 'Content-Type': 'application/json' } as const;
/** Headers of a deletion, which answers without a body; the etag keeps a row that changed since. */
export function deleteHeaders(etag: string): Readonly<Record<string, string>> {
  return { ...commonHeaders, 'If-Match': etag };
}

/** Headers of the `$batch` request itself; a part that fails must not stop the others. */
export function batchHeaders(contentType: string): Readonly<Record<string, string>> {
  return { ...commonHeaders, 'Content-Type': contentType, ...prefer(['odata.continue-on-error']) };
}
