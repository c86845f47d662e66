/** The dry run of ARCHIVED SALES ORDERS: what Sales orders would take over from their archives (D-95). */
import { mappingName } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { lineChanges } from '../../domain/documents/archivedLineChanges.ts';
import { archiveValues } from '../../domain/documents/orderArchives.ts';
import { zeroCounters } from '../../domain/logs/syncJob.ts';
import { columnChanges, nothingSettled, shownWrite } from '../../domain/sync/plannedRow.ts';
import type { FieldChange, PlannedAction } from '../../domain/sync/planTypes.ts';
import type { CodeJobPlan } from '../jobs/codeJob.ts';
import { emptyPlan } from '../jobs/jobPlan.ts';
import { type ArchivedRow, findArchives, takesLines } from './findArchives.ts';
import { linesToTake } from './takeOverLines.ts';

const job = mappingName('ARCHIVED SALES ORDERS');
const sources = { datefulfilled: 'shipmentDate', discountpercentage: 'paymentDiscountPercent' };

/** What the job would do now; nothing without archives in this environment. */
export const planArchivesJob: CodeJobPlan = async (scope) => {
  const archives = await findArchives(scope);
  if (archives === null) return emptyPlan;
  const { waiting, found, invoiced } = archives;
  const taken = await linesToTake(scope, found.filter(takesLines));
  const works = new Map(taken.map(({ order, work }) => [order.coupling, work]));
  const changes = found.map((order) => {
    const { coupling, row, archive } = order;
    const values = archiveValues(row, archive, invoiced.has(coupling.businessCentralName));
    const work = works.get(coupling);
    const fields = [...columnChanges(values, row.values, sources), ...(work ? lineChanges(work) : [])];
    return { order, fields };
  });
  const open = changes.filter(({ fields }) => fields.length > 0);
  const updated = new Set(open.map(({ order }) => order.coupling));
  const rest = waiting.filter((coupling) => !updated.has(coupling));
  return {
    actions: [...open.map(({ order, fields }) => plannedUpdate(order, fields)), ...rest.map(plannedRest)],
    counts: { ...zeroCounters, modified: open.length, unchanged: rest.length },
  };
};

function headOf(coupling: Coupling, dataverse: ArchivedRow['row'] | null) {
  const { businessCentralId, dataverseId, businessCentralName: name } = coupling;
  const pair = { businessCentral: null, dataverse, coupling };
  return { mapping: job, direction: 'toDataverse', businessCentralId, dataverseId, name, pair } as const;
}

function plannedUpdate({ coupling, row }: ArchivedRow, fields: readonly FieldChange[]): PlannedAction {
  return { ...headOf(coupling, row), kind: 'modify', ...shownWrite(fields) };
}

function plannedRest(coupling: Coupling): PlannedAction {
  return { ...headOf(coupling, null), kind: 'unchanged', ...nothingSettled };
}
