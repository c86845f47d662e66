/** The dry run of ARCHIVED SALES ORDERS: what Sales orders would take over from their archives (D-95). */
import { mappingName } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { zeroCounters } from '../../domain/logs/syncJob.ts';
import { columnChanges, nothingSettled, shownWrite } from '../../domain/sync/plannedRow.ts';
import type { PlannedAction } from '../../domain/sync/planTypes.ts';
import type { CodeJobPlan } from '../jobs/codeJob.ts';
import { emptyPlan } from '../jobs/jobPlan.ts';
import { type ArchiveUpdate, archivesOf, planArchives, waitingCouplings } from './takeOverArchives.ts';

const job = mappingName('ARCHIVED SALES ORDERS');
const sources = { datefulfilled: 'shipmentDate' };

/** What the job would do now; nothing without archives in this environment. */
export const planArchivesJob: CodeJobPlan = async (scope) => {
  const waiting = await waitingCouplings(scope);
  const archives = waiting.length === 0 ? null : await archivesOf(scope, waiting);
  if (archives === null) return emptyPlan;
  const { updates } = await planArchives(scope, waiting, archives);
  const open = updates.filter(({ values }) => Object.keys(values).length > 0);
  const updated = new Set(open.map(({ coupling }) => coupling));
  const rest = waiting.filter((coupling) => !updated.has(coupling));
  return {
    actions: [...open.map(plannedUpdate), ...rest.map(plannedRest)],
    counts: { ...zeroCounters, modified: open.length, unchanged: rest.length },
  };
};

function headOf(coupling: Coupling, dataverse: ArchiveUpdate['row'] | null) {
  const { businessCentralId, dataverseId, businessCentralName: name } = coupling;
  const pair = { businessCentral: null, dataverse, coupling };
  return { mapping: job, direction: 'toDataverse', businessCentralId, dataverseId, name, pair } as const;
}

function plannedUpdate({ coupling, row, values }: ArchiveUpdate): PlannedAction {
  const fields = columnChanges(values, row.values, sources);
  return { ...headOf(coupling, row), kind: 'modify', ...shownWrite(fields) };
}

function plannedRest(coupling: Coupling): PlannedAction {
  return { ...headOf(coupling, null), kind: 'unchanged', ...nothingSettled };
}
