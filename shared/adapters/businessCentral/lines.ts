/** Lines of documents: rows that are reached through their documents and have no modification time (D-28, D-29). */
import { z } from 'zod';
import { SyncFailure } from '../../domain/common/failures.ts';
import type { BusinessCentral, DocumentLine, DocumentLineWrite } from '../../ports/businessCentral.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import { runOperations } from './batch.ts';
import { answerFailure, type BatchOperation, type BatchResult } from './batchFormat.ts';
import type { Client } from './client.ts';
import { allRows, readList } from './lists.ts';
import { guidLiteral, queryString } from './odata.ts';
import { failureOutcome, raiseIfNothingWritten, refusalOutcome } from './outcomes.ts';
import { readValues, writeBody } from './values.ts';

const lineShape = z.looseObject({ '@odata.etag': z.string().min(1), id: z.guid() });

/** All lines of each document, in the order of the documents. Raises SyncFailure when a document cannot be read. */
export async function readLines(
  client: Client,
  { entitySet, properties, documentIds }: Parameters<BusinessCentral['readLines']>[0],
): Promise<readonly DocumentLine[]> {
  if (documentIds.length === 0) return [];
  const company = await client.companyPath();
  const operations = documentIds.map((documentId): BatchOperation => {
    const filter = `documentId eq ${guidLiteral(documentId)}`;
    const query = queryString({ select: ['id', 'documentId', ...properties], filter });
    return { method: 'GET', path: `${company}/${entitySet}${query}` };
  });
  const results = await runOperations(client, 'v2.0', operations, 'read');
  const lines: DocumentLine[] = [];
  for (const [index, result] of results.entries()) {
    if (result instanceof SyncFailure) throw result;
    if (result.status !== 200) throw answerFailure(client, result, `GET ${entitySet}`);
    const rows = await allRows(client, readList(client, result.body, entitySet), entitySet);
    for (const row of rows) lines.push(lineOf(client, entitySet, documentIds[index] ?? '', properties, row));
  }
  return lines;
}

/** Something must not be written beside a line that could not be read, so an unreadable one stops the page. */
function lineOf(
  client: Client,
  entitySet: string,
  documentId: string,
  properties: readonly string[],
  row: unknown,
): DocumentLine {
  const parsed = lineShape.safeParse(row);
  if (!parsed.success) {
    const message = `${client.transport.name} answered GET ${entitySet} with an unreadable line.`;
    throw new SyncFailure({ kind: 'transient', code: 'unexpected-response', message });
  }
  const { id, '@odata.etag': etag } = parsed.data;
  return { id: id.toLowerCase(), documentId, etag, values: readValues(parsed.data, properties) };
}

/** One outcome per write, in order. Raises SyncFailure only when nothing was written. */
export async function writeLines(
  client: Client,
  entitySet: string,
  writes: readonly DocumentLineWrite[],
): Promise<readonly WriteOutcome<null>[]> {
  if (writes.length === 0) return [];
  const path = `${await client.companyPath()}/${entitySet}`;
  const operations = writes.map((write) => operationOf(path, write));
  const results = await runOperations(client, 'v2.0', operations, 'write');
  raiseIfNothingWritten(results.map((result) => (result instanceof SyncFailure ? result : null)));
  return results.map((result, index) => outcomeOf(client, entitySet, operations[index], result));
}

function operationOf(path: string, write: DocumentLineWrite): BatchOperation {
  return write.kind === 'create'
    ? { method: 'POST', path, body: { documentId: write.documentId, ...writeBody(write.values) } }
    : {
        method: 'PATCH',
        path: `${path}(${write.id})`,
        headers: { 'If-Match': write.etag },
        body: writeBody(write.values),
      };
}

function outcomeOf(
  client: Client,
  entitySet: string,
  operation: BatchOperation | undefined,
  result: BatchResult,
): WriteOutcome<null> {
  if (result instanceof SyncFailure) return failureOutcome(result);
  if (result.status >= 200 && result.status <= 299) return { status: 'done', record: null };
  const method = operation?.method === 'PATCH' ? 'PATCH' : 'POST';
  return refusalOutcome(client, { entitySet }, method, result);
}
