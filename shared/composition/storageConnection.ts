/** Which of the two storage accounts the app's tables and queues are in. */

/** Names of settings, as bindings refer to them. */
export type StorageConnection = 'SYNC_STORAGE' | 'AzureWebJobsStorage';

const ownAccount = /^SYNC_STORAGE(__accountName|__tableServiceUri|__queueServiceUri)?$/;

/** The account the queue trigger listens on. Needs no valid settings, since triggers are registered in any case. */
export function storageConnectionOf(
  environment: Readonly<Record<string, string | undefined>>,
): StorageConnection {
  const isGiven = Object.entries(environment).some(([name, value]) => ownAccount.test(name) && value?.trim());
  return isGiven ? 'SYNC_STORAGE' : 'AzureWebJobsStorage';
}
