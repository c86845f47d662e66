/** Which storage account settings point at (contract section 2, platform D-20), and how its errors are read. */
import { RestError } from '@azure/data-tables';
import { describe, expect, test } from 'vitest';
import { SyncFailure } from '../../domain/common/failures.ts';
import { isPlainHttp, storageAccountFrom } from './storageAccount.ts';
import { storageErrorFacts, storageFailure } from './storageErrors.ts';

const credential = { getToken: async () => null };
const asked: (string | null)[] = [];
const from = (settings: Record<string, string>) =>
  storageAccountFrom(settings, (clientId) => {
    asked.push(clientId);
    return credential;
  });
const key = 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=aw==';

describe('storageAccountFrom', () => {
  test('a connection string is used as it is, SYNC_STORAGE before AzureWebJobsStorage', () => {
    const connectionString = `${key};EndpointSuffix=core.windows.net`;
    expect(from({ AzureWebJobsStorage: key })).toEqual({ kind: 'connectionString', connectionString: key });
    expect(from({ AzureWebJobsStorage: key, SYNC_STORAGE: connectionString })).toEqual({
      kind: 'connectionString',
      connectionString,
    });
    expect(from({ AzureWebJobsStorage: 'UseDevelopmentStorage=true' }).kind).toBe('connectionString');
  });

  test('a key without protocol gets one, which the table client insists on', () => {
    const text = 'AccountName=a;AccountKey=aw==;TableEndpoint=https://t';
    expect(from({ SYNC_STORAGE: text })).toMatchObject({
      connectionString: `DefaultEndpointsProtocol=https;${text}`,
    });
  });

  test('an account name gives both addresses, and the identity is the one named', () => {
    asked.length = 0;
    const account = from({
      AzureWebJobsStorage__accountName: 'contoso',
      AzureWebJobsStorage__clientId: 'id',
    });
    expect(account).toEqual({
      kind: 'identity',
      tableUrl: 'https://contoso.table.core.windows.net',
      queueUrl: 'https://contoso.queue.core.windows.net',
      credential,
    });
    expect(asked).toEqual(['id']);
  });

  test('service addresses win over the account name, and SYNC_STORAGE in identity form over a connection string', () => {
    const account = from({
      AzureWebJobsStorage: key,
      SYNC_STORAGE__accountName: 'contoso',
      SYNC_STORAGE__tableServiceUri: 'https://contoso.table.example/',
    });
    expect(account).toMatchObject({
      tableUrl: 'https://contoso.table.example',
      queueUrl: 'https://contoso.queue.core.windows.net',
    });
  });

  test('every problem is named and no secret is', () => {
    const settings = { SYNC_STORAGE__accountName: 'Not A Name', SYNC_STORAGE__tableServiceUri: 'nowhere' };
    expect(() => from(settings)).toThrow(
      /SYNC_STORAGE__accountName is no .*; SYNC_STORAGE__tableServiceUri is no/,
    );
    expect(() => from({ SYNC_STORAGE__tableServiceUri: 'https://t' })).toThrow(
      /SYNC_STORAGE__queueServiceUri is missing/,
    );
    expect(() => from({})).toThrow(
      expect.objectContaining({ kind: 'config', code: 'storage-not-configured' }),
    );
    expect(() => from({ AzureWebJobsStorage: 'AccountKey=c2VjcmV0' })).toThrow(/^((?!c2VjcmV0).)*$/);
  });

  test('plain connections are allowed for emulators only', () => {
    expect(isPlainHttp(from({ AzureWebJobsStorage: 'UseDevelopmentStorage=true' }))).toBe(true);
    expect(isPlainHttp(from({ AzureWebJobsStorage: `${key};TableEndpoint=http://127.0.0.1:1/a` }))).toBe(
      true,
    );
    expect(isPlainHttp(from({ AzureWebJobsStorage: key }))).toBe(false);
    expect(isPlainHttp(from({ AzureWebJobsStorage__accountName: 'contoso' }))).toBe(false);
  });
});

describe('storage errors', () => {
  const rest = (statusCode: number | undefined, code?: string, message = 'no') =>
    new RestError(message, {
      ...(statusCode === undefined ? {} : { statusCode }),
      ...(code === undefined ? {} : { code }),
    });

  test('the code is found in all three places and the index of a transaction in its message (B-30)', () => {
    const single = Object.assign(rest(404), { details: { odataError: { code: 'ResourceNotFound' } } });
    const queue = Object.assign(rest(404), { details: { errorCode: 'QueueNotFound' } });
    const transaction = rest(409, 'EntityAlreadyExists', '12:The specified entity already exists.');
    expect(storageErrorFacts(single)).toMatchObject({
      status: 404,
      code: 'ResourceNotFound',
      failedIndex: null,
    });
    expect(storageErrorFacts(queue).code).toBe('QueueNotFound');
    expect(storageErrorFacts(transaction)).toMatchObject({ code: 'EntityAlreadyExists', failedIndex: 12 });
    expect(storageErrorFacts(undefined)).toEqual({
      status: null,
      code: 'unknown',
      failedIndex: null,
      retryAfterMs: null,
    });
  });

  test.each([
    [rest(403, 'AuthorizationPermissionMismatch'), 'permission', false],
    [Object.assign(new Error('no'), { name: 'CredentialUnavailableError' }), 'permission', false],
    [rest(503, 'ServerBusy'), 'throttled', false],
    [rest(429), 'throttled', false],
    [rest(404, 'TableNotFound'), 'config', false],
    [rest(500, 'InternalError'), 'transient', true],
    [rest(undefined, 'ECONNRESET'), 'transient', true],
    [rest(400, 'InvalidInput'), 'bug', false],
  ])('%s is of kind %s', (error, kind, outcomeUnknown) => {
    const failure = storageFailure(error, 'table Jobs');
    expect(failure).toMatchObject({ kind, outcomeUnknown, cause: error });
    expect(failure.message).toContain('table Jobs');
  });

  test('Retry-After is handed on, and a SyncFailure passes unchanged', () => {
    const response = { headers: { get: (name: string) => (name === 'retry-after' ? '7' : undefined) } };
    expect(storageFailure(Object.assign(rest(503, 'ServerBusy'), { response }), 'x').retryAfterMs).toBe(7000);
    const own = new SyncFailure({ kind: 'bug', code: 'x', message: 'x' });
    expect(storageFailure(own, 'x')).toBe(own);
  });
});
