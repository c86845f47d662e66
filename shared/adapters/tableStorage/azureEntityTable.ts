/** An {@link EntityTable} in Azure Table Storage, over `@azure/data-tables`. */
import { TableClient, type TransactionAction } from '@azure/data-tables';
import type {
  EntityTable,
  Properties,
  RowPage,
  RowQuery,
  RowWrite,
  StoredRow,
  TransactionResult,
} from './entityTable.ts';
import { maxRowsPerRequest } from './entityTable.ts';
import { filterText } from './filterText.ts';
import { checkRow } from './rowLimits.ts';
import { isPlainHttp, type StorageAccount } from './storageAccount.ts';
import { storageErrorFacts, storageFailure } from './storageErrors.ts';

/** Counts requests sent, each retry again. */
export interface SentRequests {
  sent: number;
}

/** A table of the account with a way to create it. Creating is safe to repeat. */
export interface AzureEntityTable extends EntityTable {
  create(): Promise<void>;
}

/** Opens a table; sends nothing yet. The client's own policy retries what is transient. */
export function azureEntityTable(
  storage: StorageAccount,
  name: string,
  requests: SentRequests,
): AzureEntityTable {
  const client = openClient(storage, name, requests);
  return {
    name,
    create: () => wrapped(name, () => client.createTable()),
    get: (partition, row) => wrapped(name, () => getRow(client, partition, row)),
    query: (query) => wrapped(name, () => queryRows(client, query)),
    write: (partition, writes) => wrapped(name, () => writeRows(client, partition, writes)),
  };
}

function openClient(storage: StorageAccount, name: string, requests: SentRequests): TableClient {
  const options = {
    allowInsecureConnection: isPlainHttp(storage),
    additionalPolicies: [{ policy: countingPolicy(requests), position: 'perRetry' as const }],
  };
  return storage.kind === 'connectionString'
    ? TableClient.fromConnectionString(storage.connectionString, name, options)
    : new TableClient(storage.tableUrl, name, storage.credential, options);
}

function countingPolicy(requests: SentRequests) {
  return {
    name: 'countRequests',
    sendRequest<Request, Response>(request: Request, next: (request: Request) => Promise<Response>) {
      requests.sent += 1;
      return next(request);
    },
  };
}

async function wrapped<Result>(name: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    throw storageFailure(error, `table ${name}`);
  }
}

async function getRow(client: TableClient, partition: string, row: string): Promise<StoredRow | null> {
  try {
    return storedRow(await client.getEntity(partition, row));
  } catch (error) {
    if (refusal(error) === 'missing') return null;
    throw error;
  }
}

async function queryRows(client: TableClient, query: RowQuery): Promise<RowPage> {
  const limit = query.limit ?? Number.POSITIVE_INFINITY;
  const pages = client
    .listEntities({ queryOptions: queryOptions(query) })
    .byPage({ maxPageSize: Math.min(limit, maxRowsPerRequest) });
  const rows: StoredRow[] = [];
  for await (const page of pages) {
    for (const entity of page) rows.push(storedRow(entity));
    if (rows.length >= limit) {
      const more = rows.length > limit || page.continuationToken !== undefined;
      return { rows: rows.slice(0, limit), more };
    }
  }
  return { rows, more: false };
}

function queryOptions(query: RowQuery): { filter?: string; select?: string[] } {
  const filter = filterText(query);
  return {
    ...(filter === '' ? {} : { filter }),
    ...(query.select === undefined ? {} : { select: ['PartitionKey', 'RowKey', ...query.select] }),
  };
}

async function writeRows(
  client: TableClient,
  partition: string,
  writes: readonly RowWrite[],
): Promise<TransactionResult> {
  for (const write of writes) checkRow(client.tableName, write);
  try {
    const { subResponses } = await client.submitTransaction(writes.map((write) => action(partition, write)));
    return { status: 'done', versions: subResponses.map((response) => response.etag ?? null) };
  } catch (error) {
    const status = refusal(error);
    if (status === null) throw error;
    return { status, index: storageErrorFacts(error).failedIndex };
  }
}

/** The ETag goes in the fourth element: one inside the entity is ignored and the write wins blindly (B-32). */
function action(partition: string, write: RowWrite): TransactionAction {
  const keys = { partitionKey: partition, rowKey: write.row };
  switch (write.kind) {
    case 'insert':
      return ['create', { ...write.properties, ...keys }];
    case 'upsert':
      return ['upsert', { ...write.properties, ...keys }, 'Replace'];
    case 'merge':
      return ['update', { ...write.properties, ...keys }, 'Merge'];
    case 'replace':
      return ['update', { ...write.properties, ...keys }, 'Replace', { etag: write.version ?? '*' }];
    case 'delete':
      return ['delete', keys];
  }
}

/** Which precondition of a write did not hold; null when the error is of another nature. */
function refusal(error: unknown): 'exists' | 'missing' | 'changed' | null {
  const { status, code } = storageErrorFacts(error);
  if (status === 409 && code === 'EntityAlreadyExists') return 'exists';
  if (status === 404 && code !== 'TableNotFound') return 'missing';
  return status === 412 ? 'changed' : null;
}

const systemProperties = new Set(['partitionKey', 'rowKey', 'etag', 'timestamp', 'odata.metadata']);

type ReadEntity = Readonly<Record<string, unknown>> & {
  readonly partitionKey?: string;
  readonly rowKey?: string;
};

function storedRow(entity: ReadEntity): StoredRow {
  const properties: Record<string, Properties[string]> = {};
  for (const [name, value] of Object.entries(entity)) {
    if (systemProperties.has(name)) continue;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      properties[name] = value;
    }
  }
  const version = typeof entity['etag'] === 'string' ? entity['etag'] : '';
  return {
    partition: entity.partitionKey ?? '',
    row: entity.rowKey ?? '',
    version,
    properties,
  };
}
