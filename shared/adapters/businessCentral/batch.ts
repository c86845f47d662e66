/** Many operations in one request, each with its own result (business-central-api section 4.4). */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { BusinessCentralRoute } from '../../domain/mappings/model.ts';
import { chunk } from '../http/chunks.ts';
import { HttpFailure } from '../http/httpFailure.ts';
import { retryAfterMs } from '../http/retryPolicy.ts';
import { routeUrl } from './address.ts';
import {
  answerFailure,
  type BatchAnswer,
  type BatchMode,
  type BatchOperation,
  type BatchResult,
  isThrottled,
  readAnswers,
  type SentOperation,
  toInnerRequest,
  withoutAnswers,
} from './batchFormat.ts';
import { type Client, jsonHeaders } from './client.ts';

/** Pause after an operation was throttled inside a batch without a Retry-After of its own. */
const throttledPauseMs = 1_000;

/**
 * Runs operations in as many batches as needed, side by side; one result each, in order. Never raises SyncFailure: failures stand in the results.
 */
export async function runOperations(
  client: Client,
  route: BusinessCentralRoute,
  operations: readonly BatchOperation[],
  mode: BatchMode,
): Promise<readonly BatchResult[]> {
  const batches = chunk(operations, client.batchSize);
  const results = await Promise.all(batches.map((batch) => runBatch(client, route, batch, mode)));
  return results.flat();
}

/** One batch until every operation has a result: cut-off ones are sent again, throttled ones once more. */
async function runBatch(
  client: Client,
  route: BusinessCentralRoute,
  operations: readonly BatchOperation[],
  mode: BatchMode,
): Promise<readonly BatchResult[]> {
  const all = operations.map((operation, index) => ({ ...operation, index }));
  const results = new Map<number, BatchResult>();
  const repeated = new Set<number>();
  let open: readonly SentOperation[] = all;
  while (open.length > 0) {
    for (const [index, result] of await sendBatch(client, route, open, mode)) {
      if (!isThrottled(result)) results.set(index, result);
      else if (repeated.has(index))
        results.set(index, answerFailure(client, result, 'an operation of $batch'));
      else holdBack(client, result, repeated, index);
    }
    open = all.filter(({ index }) => !results.has(index));
  }
  return all.map(({ index }) => results.get(index) ?? withoutAnswers(client, mode));
}

/** One request. A failure of the request is the result of every operation in it. */
async function sendBatch(
  client: Client,
  route: BusinessCentralRoute,
  operations: readonly SentOperation[],
  mode: BatchMode,
): Promise<ReadonlyMap<number, BatchResult>> {
  try {
    const request = {
      method: 'POST',
      url: `${routeUrl(client.baseUrl, route)}/$batch`,
      headers: { ...jsonHeaders, 'Content-Type': 'application/json', Prefer: 'odata.continue-on-error' },
      body: JSON.stringify({ requests: operations.map(toInnerRequest) }),
      idempotent: mode === 'read',
      readOnly: mode === 'read',
    } as const;
    const response = await client.transport.send(request, client.meter);
    return readAnswers(client, response.text, operations, mode);
  } catch (failure) {
    if (!(failure instanceof SyncFailure)) throw failure;
    if (isPoisoned(failure) && operations.length > 1) return sendHalves(client, route, operations, mode);
    return new Map(operations.map(({ index }) => [index, failure]));
  }
}

/** Refused as a whole for what is in it: one operation may spoil it for the others (P11). */
function isPoisoned(failure: SyncFailure): boolean {
  const refused = failure instanceof HttpFailure && (failure.status === 400 || failure.status === 413);
  return refused && !failure.outcomeUnknown;
}

async function sendHalves(
  client: Client,
  route: BusinessCentralRoute,
  operations: readonly SentOperation[],
  mode: BatchMode,
): Promise<ReadonlyMap<number, BatchResult>> {
  const halves = chunk(operations, Math.ceil(operations.length / 2));
  const results = await Promise.all(halves.map((half) => sendBatch(client, route, half, mode)));
  return new Map(results.flatMap((result) => [...result]));
}

function holdBack(client: Client, answer: BatchAnswer, repeated: Set<number>, index: number): void {
  repeated.add(index);
  client.transport.holdBack(retryAfterMs(answer.headers['retry-after'], client.now()) ?? throttledPauseMs);
}
