/** Creates orders with their lines, each in a request of its own within one batch (D-31, D-37, D-68 steps 1 to 3). */

import type { BusinessCentralRecord } from '../../../domain/common/records.ts';
import type { DocumentProgress } from '../../../domain/couplings/coupling.ts';
import { headerCreated } from '../../../domain/documents/orderStages.ts';
import { problem } from '../../../domain/sync/problems.ts';
import { asCode } from '../../../domain/sync/values.ts';
import type { WriteOutcome } from '../../../ports/writeOutcome.ts';
import { claimOrders } from './claimOrders.ts';
import {
  failedEnd,
  type OrderEnd,
  type OrderScope,
  type OrderWork,
  orderMappingName,
  type Staged,
} from './orderScope.ts';
import { saveProgress } from './saveProgress.ts';

/** Reserves and creates; what had no answer stays reserved and is looked for by the next run. */
export async function sendOrders(scope: OrderScope, works: readonly OrderWork[]): Promise<Staged> {
  let open = works;
  const going: OrderWork[] = [];
  const ended: OrderEnd[] = [];
  while (open.length > 0) {
    const { now, later } = distinctMarkers(open);
    const claimed = await reserve(scope, now);
    ended.push(...claimed.ended);
    const sent = await send(scope, claimed.going);
    going.push(...sent.going);
    ended.push(...sent.ended);
    const unanswered = new Set(
      sent.ended.flatMap((end) =>
        end.status === 'failed' && end.problem.code === 'outcome-unknown' ? [end.id] : [],
      ),
    );
    const blocked = new Set(now.filter(({ header }) => unanswered.has(header.id)).map(markerOf));
    ended.push(...later.filter((work) => blocked.has(markerOf(work))).map(waitsForTwin));
    open = later.filter((work) => !blocked.has(markerOf(work)));
  }
  return { going, ended };
}

/** Two orders that look alike are never under way at once, so that a lost one can be told from the other (D-69). */
function distinctMarkers(works: readonly OrderWork[]) {
  const seen = new Set<string>();
  const now: OrderWork[] = [];
  const later: OrderWork[] = [];
  for (const work of works) {
    (seen.has(markerOf(work)) ? later : now).push(work);
    seen.add(markerOf(work));
  }
  return { now, later };
}

/** Orders with equal markers cannot be told apart in Business Central. */
export function markerOf({ intent: { document } }: OrderWork): string {
  return JSON.stringify([asCode(document.externalDocumentNumber), document.customerNumber]);
}

/** The end of an order that has to wait until another one that looks like it was found. */
export function waitsForTwin({ header }: OrderWork): OrderEnd {
  const message =
    'Another order of this name and customer was sent without an answer; this one follows when it was found.';
  return failedEnd(header, problem('outcome-unknown', { message }));
}

async function reserve(scope: OrderScope, works: readonly OrderWork[]): Promise<Staged> {
  await scope.renew();
  const claims = await scope.mustClaim();
  const reserved = works.map((work) => ({ ...work, intent: { ...work.intent, document: unsent(work) } }));
  if (!claims) {
    await saveProgress(scope, reserved);
    return { going: reserved, ended: [] };
  }
  return claimOrders(scope, reserved);
}

function unsent({ intent }: OrderWork): DocumentProgress {
  return { ...intent.document, stage: 'reserved', businessCentralId: null, number: '' };
}

async function send(scope: OrderScope, works: readonly OrderWork[]): Promise<Staged> {
  if (works.length === 0) return { going: [], ended: [] };
  const { businessCentral, couplings } = scope.ports;
  const inserts = works.map(({ plan }) => ({
    values: plan.header,
    children: { navigation: 'salesOrderLines', rows: plan.lines.map(({ values }) => values) },
  }));
  const outcomes = await businessCentral.create({ ...scope.orders, companions: [] }, inserts);
  const going = works.flatMap((work, index) => createdWork(work, outcomes[index]) ?? []);
  const ended = works.flatMap((work, index) => sendFailure(work, outcomes[index]) ?? []);
  await saveProgress(scope, going);
  const refused = works.filter((_, index) => isRefused(outcomes[index])).map(({ header }) => header.id);
  if (refused.length > 0) await couplings.removeIntents(orderMappingName, refused);
  return { going, ended };
}

type Outcome = WriteOutcome<BusinessCentralRecord> | undefined;

function createdWork(work: OrderWork, outcome: Outcome): OrderWork | null {
  if (outcome?.status !== 'done') return null;
  const { id, values } = outcome.record;
  const document = headerCreated(work.intent.document, id, String(values['number'] ?? ''));
  return { ...work, isFresh: true, intent: { ...work.intent, document } };
}

function isRefused(outcome: Outcome): boolean {
  return outcome?.status === 'refused' || outcome?.status === 'exists';
}

function sendFailure({ header }: OrderWork, outcome: Outcome): OrderEnd | null {
  if (outcome?.status === 'done') return null;
  if (outcome?.status === 'refused') {
    const { kind, message, serviceCode } = outcome.problem;
    const refusal = `Business Central refused the order: ${message}`;
    return failedEnd(
      header,
      problem('insert-failed', { message: refusal, kind, parameters: [serviceCode, message] }),
    );
  }
  const told = outcome?.status === 'unknown' ? outcome.message : 'The answer did not tell the outcome.';
  return failedEnd(header, problem('outcome-unknown', { message: told }));
}
