/** Where the app's tables and queues are, from settings in either of their two forms (contract section 2). */
import type { TokenCredential } from '@azure/identity';
import { SyncFailure } from '../../domain/common/failures.ts';

/** A storage account reached with a connection string, or with an identity and no secret. */
export type StorageAccount =
  | { readonly kind: 'connectionString'; readonly connectionString: string }
  | {
      readonly kind: 'identity';
      readonly tableUrl: string;
      readonly queueUrl: string;
      readonly credential: TokenCredential;
    };

type Settings = Readonly<Record<string, string | undefined>>;

/**
 * Decides which account to use and in which form.
 *
 * `SYNC_STORAGE` wins over `AzureWebJobsStorage`; under a name a connection string wins over
 * `__tableServiceUri` with `__queueServiceUri`, and these over `__accountName` (public cloud).
 * `credential` is asked only for the identity form, with `__clientId` when a user-assigned identity is named.
 * Raises SyncFailure `storage-not-configured` (config) that lists every problem. Pure apart from `credential`.
 */
export function storageAccountFrom(
  settings: Settings,
  credential: (clientId: string | null) => TokenCredential,
): StorageAccount {
  const name = isGiven(settings, 'SYNC_STORAGE') ? 'SYNC_STORAGE' : 'AzureWebJobsStorage';
  const connectionString = text(settings, name);
  if (connectionString !== null) return byConnectionString(name, connectionString);
  const { tableUrl, queueUrl } = endpoints(settings, name);
  return {
    kind: 'identity',
    tableUrl,
    queueUrl,
    credential: credential(text(settings, `${name}__clientId`)),
  };
}

/** The table client takes no account key without a protocol, though endpoints make it needless; so it is added. */
function byConnectionString(name: string, connectionString: string): StorageAccount {
  const has = (part: string): boolean => new RegExp(`(^|;)${part}=[^;]`, 'i').test(connectionString);
  const hasSignature = has('SharedAccessSignature') && has('TableEndpoint') && has('QueueEndpoint');
  const hasKey = has('AccountName') && has('AccountKey');
  if (!has('UseDevelopmentStorage') && !hasSignature && !hasKey) {
    throw notConfigured([`${name} is no connection string of a storage account`]);
  }
  const protocol = hasKey && !has('DefaultEndpointsProtocol') ? 'DefaultEndpointsProtocol=https;' : '';
  return { kind: 'connectionString', connectionString: protocol + connectionString };
}

const suffixes = ['', '__accountName', '__tableServiceUri', '__queueServiceUri'] as const;

function isGiven(settings: Settings, name: string): boolean {
  return suffixes.some((suffix) => text(settings, name + suffix) !== null);
}

function text(settings: Settings, name: string): string | null {
  return settings[name]?.trim() || null;
}

function endpoints(settings: Settings, name: string): { tableUrl: string; queueUrl: string } {
  if (!isGiven(settings, name)) throw notConfigured(['neither SYNC_STORAGE nor AzureWebJobsStorage is set']);
  const account = accountName(settings, name);
  const tableUrl = endpoint(settings, name, 'table', account.name);
  const queueUrl = endpoint(settings, name, 'queue', account.name);
  const problems = [account.problem, tableUrl.problem, queueUrl.problem].filter(
    (problem) => problem !== null,
  );
  if (problems.length > 0) throw notConfigured(problems);
  return { tableUrl: tableUrl.url, queueUrl: queueUrl.url };
}

function accountName(settings: Settings, prefix: string): { name: string | null; problem: string | null } {
  const setting = `${prefix}__accountName`;
  const name = text(settings, setting);
  if (name === null || /^[a-z0-9]{3,24}$/.test(name)) return { name, problem: null };
  return { name, problem: `${setting} is no account name (3 to 24 lower-case letters and digits)` };
}

function endpoint(
  settings: Settings,
  prefix: string,
  service: 'table' | 'queue',
  account: string | null,
): { url: string; problem: string | null } {
  const setting = `${prefix}__${service}ServiceUri`;
  const uri = text(settings, setting);
  if (uri === null && account === null) return { url: '', problem: `${setting} is missing` };
  if (uri === null) return { url: `https://${account}.${service}.core.windows.net`, problem: null };
  if (!URL.canParse(uri) || !/^https?:$/.test(new URL(uri).protocol)) {
    return { url: '', problem: `${setting} is no http address` };
  }
  return { url: uri.replace(/\/+$/, ''), problem: null };
}

function notConfigured(problems: readonly string[]): SyncFailure {
  return new SyncFailure({
    kind: 'config',
    code: 'storage-not-configured',
    message: `The storage account is not configured: ${problems.join('; ')}.`,
    suggestion: 'Set AzureWebJobsStorage to a connection string, or AzureWebJobsStorage__accountName.',
  });
}

/** Whether the account is an emulator reached without TLS; only then are plain connections allowed. */
export function isPlainHttp(storage: StorageAccount): boolean {
  if (storage.kind === 'identity') return false;
  return /UseDevelopmentStorage=true|(Table|Queue)Endpoint=http:|DefaultEndpointsProtocol=http(;|$)/i.test(
    storage.connectionString,
  );
}
