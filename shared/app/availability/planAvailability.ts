/** The dry run of ITEM AVAILABILITY: quantities on hand that would be written (ST-38). */
import { mappingName } from '../../domain/common/ids.ts';
import { zeroCounters } from '../../domain/logs/syncJob.ts';
import { hasMoved, quantityColumn, quantityField } from '../../domain/statistics/itemAvailability.ts';
import { columnChanges, nothingSettled, shownWrite } from '../../domain/sync/plannedRow.ts';
import type { PlannedAction } from '../../domain/sync/planTypes.ts';
import type { CodeJobPlan } from '../jobs/codeJob.ts';
import { emptyPlan, type JobPlan, joinedPlans } from '../jobs/jobPlan.ts';
import { items, lowerBound } from './itemAvailability.ts';
import { nextItems, readMovements } from './movedItems.ts';
import { isRight, openQuantities, type QuantityWork, wantedQuantity } from './sendQuantities.ts';

const job = mappingName('ITEM AVAILABILITY');

/** What the job would do with items that moved since its last run; nothing where the field is switched off. */
export const planAvailability: CodeJobPlan = async ({ ports, mappings }) => {
  const field = quantityField(mappings.find(({ name }) => name === items));
  if (field === null) return emptyPlan;
  const [own, ofItems] = await Promise.all([ports.mappings.get(job), ports.mappings.get(items)]);
  const digest = ports.digestWith(await ports.mappings.digestKey());
  const movements = await readMovements(ports, lowerBound(own.state, ofItems.state));
  const plans: JobPlan[] = [];
  let after: string | null = null;
  do {
    const page = await nextItems(ports, ofItems.state, movements, after);
    const moved = page.pairs.filter(({ item, coupling }) => hasMoved(field, digest, coupling, item));
    plans.push(planOf(await openQuantities(ports, moved)));
    after = page.next;
  } while (after !== null);
  return joinedPlans(plans);
};

function planOf(works: readonly QuantityWork[]): JobPlan {
  const unchanged = works.filter(isRight).length;
  const counts = { ...zeroCounters, modified: works.length - unchanged, unchanged };
  return { actions: works.map(plannedQuantity), counts };
}

function plannedQuantity(work: QuantityWork): PlannedAction {
  const { pair, product } = work;
  const { item, coupling } = pair;
  const head = {
    mapping: job,
    direction: 'toDataverse',
    businessCentralId: item.id,
    dataverseId: product.id,
    name: coupling.businessCentralName,
    pair: { businessCentral: item, dataverse: product, coupling },
  } as const;
  if (isRight(work)) return { ...head, kind: 'unchanged', ...nothingSettled };
  const values = { [quantityColumn]: wantedQuantity(work) };
  const fields = columnChanges(values, product.values, { [quantityColumn]: 'inventory' });
  return { ...head, kind: 'modify', ...shownWrite(fields) };
}
