/** The dry run of AUTO CREATE SALES ORDERS. */
import { waitsForUser } from '../../../domain/documents/documentFailures.ts';
import type { CodeJobPlan } from '../../jobs/codeJob.ts';
import { type JobPlan, joinedPlans } from '../../jobs/jobPlan.ts';
import { ordersToWorkOn } from './autoCreateOrders.ts';
import { openOrderScope } from './orderScope.ts';
import { planCreations } from './planCreations.ts';

const ordersPerPage = 100;

/** What the job would do now with the orders that are on their way or wait; those that wait for a user are skipped (D-36, D-71). */
export const planAutoCreate: CodeJobPlan = async ({ ports, mappings }) => {
  const scope = await openOrderScope(ports, mappings, { renew: async () => {}, mayWrite: false });
  const { ids, intents, retries } = await ordersToWorkOn(scope);
  const waits: Parameters<typeof planCreations>[3]['waits'] = (header) =>
    waitsForUser(retries.get(header.id), header);
  const plans: JobPlan[] = [];
  for (let from = 0; from < ids.length; from += ordersPerPage) {
    const page = ids.slice(from, from + ordersPerPage);
    plans.push(await planCreations(ports, scope, page, { intents, retries, waits }));
  }
  return joinedPlans(plans);
};
