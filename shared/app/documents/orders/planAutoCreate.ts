/** The dry run of AUTO CREATE SALES ORDERS. */
import { addCounters, zeroCounters } from '../../../domain/logs/syncJob.ts';
import type { CodeJobPlan } from '../../jobs/codeJob.ts';
import { waitingOrders } from './autoCreateOrders.ts';
import { openOrderScope } from './orderScope.ts';
import { planCreations } from './planCreations.ts';

const ordersPerPage = 100;

/** What the job would do with the orders that wait now, refused ones that wait for a user included (D-36, D-71). */
export const planAutoCreate: CodeJobPlan = async ({ ports, mappings }) => {
  const scope = await openOrderScope(ports, mappings, { renew: async () => {}, mayWrite: false });
  const ids = await waitingOrders(scope);
  let plan: Awaited<ReturnType<typeof planCreations>> = { actions: [], counts: zeroCounters };
  for (let from = 0; from < ids.length; from += ordersPerPage) {
    const page = await planCreations(ports, scope, ids.slice(from, from + ordersPerPage));
    plan = {
      actions: [...plan.actions, ...page.actions],
      counts: addCounters(plan.counts, page.counts),
    };
  }
  return plan;
};
