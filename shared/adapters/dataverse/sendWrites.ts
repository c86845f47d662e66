/** Sends writes in as many batches as needed and tells what became of each (dataverse-web-api section 12). */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { ServiceProblem } from '../../ports/writeOutcome.ts';
import { HttpFailure } from '../http/httpFailure.ts';
import { sendBatch } from './batch.ts';
import type { DataverseContext } from './context.ts';
import { type BatchUnit, sizeOf } from './multipartBuilder.ts';
import type { BatchAnswer } from './multipartParser.ts';

/** A write whose batch failed, or whose answer is missing. */
export type FailedSend =
  | { readonly status: 'unknown'; readonly message: string }
  | { readonly status: 'refused'; readonly problem: ServiceProblem };

/**
 * One result per part, in order. One failing batch must not hide what became of the others: its parts get the failure as
 * their result, unless no batch came through, which raises it.
 */
export async function sendWrites<Outcome>(
  context: DataverseContext,
  parts: readonly BatchUnit[],
  idempotent: boolean,
  outcomeOf: (answer: BatchAnswer, index: number) => Outcome,
): Promise<readonly (Outcome | FailedSend)[]> {
  const batches = batchesOf(parts, context.batchSize);
  const mode = { idempotent, writes: true };
  const results = await Promise.allSettled(batches.map((batch) => sendBatch(context, batch, mode)));
  const someCameThrough = results.some((result) => result.status === 'fulfilled' || isUnknown(result.reason));
  let before = 0;
  return results.flatMap((result, place) => {
    const batch = batches[place] ?? [];
    const start = before;
    before += batch.length;
    if (result.status === 'rejected' && !(someCameThrough && result.reason instanceof SyncFailure)) {
      throw result.reason;
    }
    return batch.map((_part, row): Outcome | FailedSend => {
      if (result.status === 'rejected') return outcomeOfFailure(result.reason);
      const answer = result.value[row];
      return answer ? outcomeOf(answer, start + row) : unanswered;
    });
  });
}

/** Consecutive batches of up to `size` requests; a change set is never cut and may be larger alone. */
function batchesOf(parts: readonly BatchUnit[], size: number): readonly (readonly BatchUnit[])[] {
  const batches: BatchUnit[][] = [];
  let room = 0;
  for (const part of parts) {
    const last = batches.at(-1);
    if (last && sizeOf(part) <= room) last.push(part);
    else batches.push([part]);
    room = (last && sizeOf(part) <= room ? room : size) - sizeOf(part);
  }
  return batches;
}

const unanswered: FailedSend = { status: 'unknown', message: 'Dataverse gave no answer for this row.' };

function isUnknown(failure: unknown): boolean {
  return failure instanceof SyncFailure && failure.outcomeUnknown;
}

function outcomeOfFailure(failure: SyncFailure): FailedSend {
  if (failure.outcomeUnknown) return { status: 'unknown', message: failure.message };
  return { status: 'refused', problem: problemOfFailure(failure) };
}

function problemOfFailure(failure: SyncFailure): ServiceProblem {
  const http = failure instanceof HttpFailure ? failure : null;
  return {
    kind: failure.kind,
    serviceCode: http?.serviceCode || failure.code,
    message: failure.message,
    status: http?.status ?? 0,
  };
}
