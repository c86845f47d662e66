/** SALES ORDER STATUS: posts on the walls of Sales orders (D-76 to D-78). */
import { SyncFailure } from '../../domain/common/failures.ts';
import { mappingName } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { type OrderPost, postOf } from '../../domain/documents/orderPosts.ts';
import { addCounters, type Counters, zeroCounters } from '../../domain/logs/syncJob.ts';
import { advanced, type Watermark } from '../../domain/sync/watermark.ts';
import type { DataverseTableMetadata } from '../../ports/dataverse.ts';
import type { MappingState } from '../../ports/mappingStore.ts';
import {
  type CodeJob,
  type CodeJobScope,
  finishCodeJobRow,
  openCodeJobRow,
  type PlanScope,
} from '../jobs/codeJob.ts';
import { renewLease } from '../run/lease.ts';
import { departedOrders, forgetDeparted } from './departedOrders.ts';
import { newsOf } from './orderNews.ts';

/** The mapping whose couplings tell which orders have a wall. */
export const orderMapping = mappingName('SALESORDER-ORDER');
const table = 'post';

/**
 * Writes one post per release, shipment and invoice of a coupled order. News of other orders is dropped; a post that is
 * refused is dropped with a log line and never tried again (D-76). Orders that were posted and uncoupled meanwhile are told
 * of, too (D-79). Safe to repeat: a post that is there is left alone.
 */
export const postOrderStatus: CodeJob = async (scope) => {
  const { ports, lease } = scope;
  if (!(await canPost(scope))) {
    for await (const departed of departedOrders(ports)) await forgetDeparted(ports, departed);
    return { status: 'done', syncJobs: [] };
  }
  const row = await openCodeJobRow(scope, 'toDataverse');
  const startedAt = ports.clock.now();
  const before = watermarkOf(lease.state);
  const company = await ports.businessCentral.company();
  let counts: Counters = zeroCounters;
  const told: Coupling[] = [];
  const read = newsOf(scope, before);
  let newest = before.newest;
  for await (const page of read) {
    await renewLease(ports, lease);
    const posts = page.news.map((news) => postOf(company.id, news));
    counts = addCounters(counts, await writePosts(scope, posts));
    told.push(...page.departed);
    if (page.newest !== null && page.newest <= startedAt && page.newest > (newest ?? ''))
      newest = page.newest;
  }
  await forgetDeparted(ports, told);
  const next = advanced(before, newest ?? startedAt, startedAt);
  const state = {
    businessCentralWatermark: next.newest,
    businessCentralSettledUntil: next.settledUntil,
    businessCentralReadAt: next.readAt,
  };
  return { status: 'done', syncJobs: [await finishCodeJobRow(scope, row, counts)], state };
};

/** How far news was read. */
export function watermarkOf(state: MappingState): Watermark {
  const { businessCentralWatermark, businessCentralSettledUntil, businessCentralReadAt } = state;
  return {
    newest: businessCentralWatermark,
    settledUntil: businessCentralSettledUntil,
    readAt: businessCentralReadAt,
  };
}

/** Whether there are walls of orders here; where there are none the log says so, once per process. */
export async function canPost({ ports, mappings }: PlanScope): Promise<boolean> {
  if (!mappings.some(({ name, enabled }) => name === orderMapping && enabled)) return false;
  const metadata = await tableOrNull(ports);
  const hasWall = metadata?.attributes['regardingobjectid']?.navigation['salesorder'] !== undefined;
  if (!hasWall && !informed.has(ports.log)) {
    informed.add(ports.log);
    const message = 'Sales has no posts regarding sales orders, so that none are written.';
    ports.log('warning', 'order-posts-off', { table, message });
  }
  return hasWall;
}

/** The logs that know already. */
const informed = new WeakSet<CodeJobScope['ports']['log']>();

async function tableOrNull({ dataverse }: CodeJobScope['ports']): Promise<DataverseTableMetadata | null> {
  try {
    return await dataverse.table(table);
  } catch (error) {
    if (error instanceof SyncFailure && error.code === 'table-not-found') return null;
    throw error;
  }
}

/** Keys of those of the posts that are there already. */
export async function presentPosts(
  { dataverse }: PlanScope['ports'],
  posts: readonly OrderPost[],
): Promise<ReadonlySet<string>> {
  if (posts.length === 0) return new Set();
  const ids = posts.map(({ id }) => id);
  const there = await dataverse.readByIds({ table, attributes: [] }, ids);
  return new Set(there.map(({ id }) => id));
}

async function writePosts({ ports }: CodeJobScope, posts: readonly OrderPost[]): Promise<Partial<Counters>> {
  if (posts.length === 0) return {};
  const known = await presentPosts(ports, posts);
  const missing = posts.filter(({ id }) => !known.has(id));
  if (missing.length === 0) return { unchanged: posts.length };
  const outcomes = await ports.dataverse.create({ table, attributes: [] }, missing);
  const dropped = outcomes.filter(({ status }) => status !== 'done' && status !== 'exists');
  for (const outcome of dropped) {
    const reason = 'problem' in outcome ? outcome.problem.message : outcome.status;
    ports.log('warning', 'order-post-dropped', { reason });
  }
  const failed = dropped.length;
  return { inserted: missing.length - failed, failed, unchanged: posts.length - missing.length };
}
