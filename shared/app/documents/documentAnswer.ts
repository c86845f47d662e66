/** What is told of one document that a user asked for (D-156). */
import type { DataverseId, MappingName } from '../../domain/common/ids.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** `code` is created, alreadyCoupled, alreadyInvoiced, or that of an error. */
export interface DocumentAnswer {
  readonly status: 'accepted' | 'skipped' | 'failed';
  readonly code: string;
  readonly message: string;
}

/** The open error of a document of Sales, as an answer; null when there is none. One request. */
export async function failureAnswer(
  { logs }: SyncPorts,
  mapping: MappingName,
  dataverseId: DataverseId,
): Promise<DocumentAnswer | null> {
  const { rows } = await logs.listErrors(
    { mapping, dataverseId, open: true },
    { top: 1, continuation: null },
  );
  const [error] = rows;
  return error ? { status: 'failed', code: error.code, message: error.message } : null;
}
