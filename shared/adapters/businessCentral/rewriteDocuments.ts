/** Documents that are written anew: header changed and lines replaced in one transaction (D-112, D-117). */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { BusinessCentralSelection, DocumentRewrite } from '../../ports/businessCentral.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import { chunk } from '../http/chunks.ts';
import type { BatchOperation } from './batchFormat.ts';
import type { Client } from './client.ts';
import { failureOutcome, raiseIfNothingWritten, refusalOutcome } from './outcomes.ts';
import { type RefusedOperation, refusedFailure, runSnapshotBatch } from './snapshotBatch.ts';
import { writeBody } from './values.ts';

/** After the first write the etags of header and lines move with each other; the transaction keeps others out. */
const whateverItIs = '*';

/** See BusinessCentral.rewriteDocuments. Raises SyncFailure only when nothing was written. */
export async function rewriteDocuments(
  client: Client,
  selection: BusinessCentralSelection,
  lineEntitySet: string,
  rewrites: readonly DocumentRewrite[],
): Promise<readonly WriteOutcome<null>[]> {
  if (rewrites.length === 0) return [];
  const company = await client.companyPath();
  const results = await Promise.all(
    rewrites.map((rewrite) =>
      rewriteOne(client, selection, operationsOf(company, selection, lineEntitySet, rewrite)),
    ),
  );
  raiseIfNothingWritten(results.map((result) => (result instanceof SyncFailure ? result : null)));
  return results.map((result): WriteOutcome<null> => {
    if (result === null) return { status: 'done', record: null };
    return result instanceof SyncFailure ? failureOutcome(result) : refusalOf(client, lineEntitySet, result);
  });
}

/** Null when all was written. A part that fails ends it; parts before it stand. */
async function rewriteOne(
  client: Client,
  { route }: BusinessCentralSelection,
  operations: readonly BatchOperation[],
): Promise<RefusedOperation | SyncFailure | null> {
  for (const [index, part] of chunk(operations, client.batchSize).entries()) {
    const result = await runSnapshotBatch(client, route, part);
    if (result === null) continue;
    return result instanceof SyncFailure && index > 0 ? afterFirstPart(result) : result;
  }
  return null;
}

/** What came before was written, so nobody may take the document for untouched. */
function afterFirstPart({ kind, code, message }: SyncFailure): SyncFailure {
  return new SyncFailure({ kind, code, message, outcomeUnknown: true });
}

function operationsOf(
  company: string,
  { entitySet }: BusinessCentralSelection,
  lineEntitySet: string,
  { record, values, removedLines, lines, linesFirst }: DocumentRewrite,
): readonly BatchOperation[] {
  const removals = removedLines.map(({ id, etag }) => ({
    etag,
    operation: { method: 'DELETE', path: `${company}/${lineEntitySet}(${id})` } as const,
  }));
  const path = `${company}/${entitySet}(${record.id})`;
  const header = { method: 'PATCH', path, body: writeBody(values) } as const;
  const patches =
    Object.keys(values).length === 0 ? [] : [{ etag: record.etags[entitySet], operation: header }];
  const guarded = linesFirst ? [...removals, ...patches] : [...patches, ...removals];
  return [
    ...guarded.map(({ etag, operation }, index): BatchOperation => {
      return { ...operation, headers: { 'If-Match': (index === 0 && etag) || whateverItIs } };
    }),
    ...lines.map((line): BatchOperation => {
      const body = { documentId: record.id, ...writeBody(line) };
      return { method: 'POST', path: `${company}/${lineEntitySet}`, body };
    }),
  ];
}

/** A record that changed or went away undid the transaction, so it has to be read again. */
function refusalOf(client: Client, lineEntitySet: string, refused: RefusedOperation): WriteOutcome<null> {
  const { operation, answer } = refused;
  if (operation.method === 'POST') return failureOutcome(refusedFailure(client, refused));
  const method = operation.method === 'DELETE' ? 'DELETE' : 'PATCH';
  const outcome = refusalOutcome(client, { entitySet: lineEntitySet }, method, answer);
  if (outcome.status === 'missing' && method === 'DELETE') return { status: 'stale' };
  return outcome.status === 'unknown' ? failureOutcome(refusedFailure(client, refused)) : outcome;
}
