/** The dry run of SALES ORDER STATUS: posts that would be written on walls of orders (D-76, D-78). */
import { mappingName } from '../../domain/common/ids.ts';
import { type OrderNews, postOf } from '../../domain/documents/orderPosts.ts';
import { zeroCounters } from '../../domain/logs/syncJob.ts';
import { columnChanges, nothingSettled, shownWrite } from '../../domain/sync/plannedRow.ts';
import type { PlannedAction } from '../../domain/sync/planTypes.ts';
import type { CodeJobPlan } from '../jobs/codeJob.ts';
import { emptyPlan, type JobPlan, joinedPlans } from '../jobs/jobPlan.ts';
import { newsOf } from './orderNews.ts';
import { canPost, presentPosts, watermarkOf } from './postOrderStatus.ts';

const job = mappingName('SALES ORDER STATUS');

/** What the job would post now; nothing where orders have no walls. */
export const planOrderStatus: CodeJobPlan = async (scope) => {
  const { ports } = scope;
  if (!(await canPost(scope))) return emptyPlan;
  const { state } = await ports.mappings.get(job);
  const { id: companyId } = await ports.businessCentral.company();
  const plans: JobPlan[] = [];
  const planned = new Set<string>();
  for await (const { news } of newsOf(scope, watermarkOf(state))) {
    const posts = news.map((each) => ({ news: each, post: postOf(companyId, each) }));
    const there = await presentPosts(
      ports,
      posts.map(({ post }) => post),
    );
    const actions = posts.map(({ news: each, post }): PlannedAction => {
      const isThere = there.has(post.id) || planned.has(post.id);
      planned.add(post.id);
      if (isThere) return { ...headOf(each), kind: 'unchanged', ...nothingSettled };
      return { ...headOf(each), kind: 'insert', ...shownWrite(columnChanges(post.values, {})) };
    });
    const inserted = actions.filter(({ kind }) => kind === 'insert').length;
    plans.push({ actions, counts: { ...zeroCounters, inserted, unchanged: actions.length - inserted } });
  }
  return joinedPlans(plans);
};

/** The order, the shipment or the invoice that is told of, and the Sales order on whose wall. */
function headOf({ source, salesOrder, orderNumber }: OrderNews) {
  return {
    mapping: job,
    direction: 'toDataverse',
    businessCentralId: source,
    dataverseId: salesOrder,
    name: orderNumber,
    pair: { businessCentral: null, dataverse: null, coupling: null },
  } as const;
}
