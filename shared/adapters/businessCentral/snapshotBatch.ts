/** Many operations in one request that is one transaction: all of them are carried out, or none (business-central-api section 4.4). */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { BusinessCentralRoute } from '../../domain/mappings/model.ts';
import { routeUrl } from './address.ts';
import {
  answerFailure,
  type BatchAnswer,
  type BatchOperation,
  readAnswers,
  toInnerRequest,
  withoutAnswers,
} from './batchFormat.ts';
import { type Client, jsonHeaders } from './client.ts';

/** The operation that undid the transaction, with what it was answered. */
export interface RefusedOperation {
  readonly operation: BatchOperation;
  readonly answer: BatchAnswer;
}

/**
 * Null when everything was carried out. A failure undoes all of it, although operations before it are answered as if they
 * stood; a SyncFailure is that of the whole request, whose outcome may be unknown. Never repeats what may have happened.
 */
export async function runSnapshotBatch(
  client: Client,
  route: BusinessCentralRoute,
  operations: readonly BatchOperation[],
): Promise<RefusedOperation | SyncFailure | null> {
  try {
    const sent = operations.map((operation, index) => ({ ...operation, index }));
    const request = {
      method: 'POST',
      url: `${routeUrl(client.baseUrl, route)}/$batch`,
      headers: { ...jsonHeaders, 'Content-Type': 'application/json', Isolation: 'snapshot' },
      body: JSON.stringify({ requests: sent.map(toInnerRequest) }),
      idempotent: false,
      readOnly: false,
    } as const;
    const response = await client.transport.send(request, client.meter);
    const answers = readAnswers(client, response.text, sent, 'write');
    for (const [index, answer] of answers) {
      const operation = operations[index];
      if (operation && answer.status >= 400) return { operation, answer };
    }
    return answers.size === operations.length ? null : withoutAnswers(client, 'write');
  } catch (failure) {
    if (failure instanceof SyncFailure) return failure;
    throw failure;
  }
}

/** The failure a refused operation stands for; nothing of its transaction happened. */
export function refusedFailure(client: Client, { operation, answer }: RefusedOperation): SyncFailure {
  return answerFailure(client, answer, `${operation.method} in a transaction`, 'read');
}
