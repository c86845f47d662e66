/** Coupled data synchronisation errors: what a user can do about each, and couplings that lost a record. */
import { covers, type MappingDirection, type PassDirection, passesOf } from '../common/directions.ts';
import type { Coupling } from '../couplings/coupling.ts';
import type { TableMapping } from '../mappings/model.ts';
import { deletedProblem } from '../sync/plan.ts';
import type { RecordPair } from '../sync/planTypes.ts';
import { fingerprintOf } from '../sync/problems.ts';
import { failedCoupling } from '../sync/settle.ts';

/** What can be done about coupled data errors. */
export const errorActions = ['retry', 'removeCoupling', 'synchronize', 'restore', 'delete'] as const;
export type ErrorAction = (typeof errorActions)[number];

/** Why a record is left out of an action. */
export interface LeftOut {
  readonly code: string;
  readonly message: string;
}

/** Both records as they are, each null when it is gone. */
export type FoundPair = Pick<RecordPair, 'businessCentral' | 'dataverse'>;

/**
 * Null when the action fits. Retry and synchronise need both records, restore and delete exactly one; removing the
 * coupling always fits. Restoring needs a mapping that writes to the side that is gone.
 */
export function leftOutOf(action: ErrorAction, mapping: TableMapping, pair: FoundPair): LeftOut | null {
  if (action === 'removeCoupling') return null;
  const needsBoth = action === 'retry' || action === 'synchronize';
  const isComplete = pair.businessCentral !== null && pair.dataverse !== null;
  if (needsBoth) return isComplete ? null : recordDeleted(pair);
  if (isComplete) {
    return { code: 'both-records-exist', message: 'Both records exist; there is none to restore or delete.' };
  }
  if (pair.businessCentral === null && pair.dataverse === null) return recordDeleted(pair);
  const isWritable = covers(mapping.direction, directionTowardsLost(pair));
  return action === 'delete' || isWritable ? null : notWritable(mapping, pair);
}

function recordDeleted({ businessCentral, dataverse }: FoundPair): LeftOut {
  if (businessCentral === null && dataverse === null) {
    return { code: 'both-records-deleted', message: 'Both records are gone; only the coupling is left.' };
  }
  const where = businessCentral === null ? 'Business Central' : 'Sales';
  const message = `The record no longer exists in ${where}; restore it, delete the other, or remove the coupling.`;
  return { code: 'coupled-record-deleted', message };
}

function notWritable({ name }: TableMapping, { businessCentral }: FoundPair): LeftOut {
  const where = businessCentral === null ? 'Business Central' : 'Sales';
  return { code: 'direction-not-allowed', message: `The table mapping ${name} writes nothing to ${where}.` };
}

function directionTowardsLost({ businessCentral }: FoundPair): PassDirection {
  return businessCentral === null ? 'toBusinessCentral' : 'toDataverse';
}

/**
 * The pass a lost record belongs to: the one that writes to the side that is gone, or the mapping's only pass, so that a
 * later run of the mapping meets the record again when its skip is taken off.
 */
export function passOfLost(direction: MappingDirection, pair: FoundPair): PassDirection {
  const towards = directionTowardsLost(pair);
  return covers(direction, towards) ? towards : (passesOf(direction)[0] ?? towards);
}

/** Without the skip, and with its last result, so that the next run tries once more (E-59). */
export function retriedCoupling(coupling: Coupling): Coupling {
  return coupling.state === 'skipped' ? { ...coupling, state: 'failed' } : coupling;
}

/** The problem of a coupling of which one record is gone. */
export function lostProblem(coupling: Coupling, pair: FoundPair) {
  const isOursGone = pair.businessCentral === null;
  const name = isOursGone ? coupling.dataverseName : coupling.businessCentralName;
  return deletedProblem(name, isOursGone ? 'businessCentral' : 'dataverse');
}

/** The coupling, waiting for a user with this error; a run that meets it again adds no second attempt. */
export function markedLost(
  mapping: TableMapping,
  coupling: Coupling,
  pair: FoundPair,
  raised: Pick<Parameters<typeof failedCoupling>[0], 'syncJobId' | 'lastError'>,
): Coupling {
  return failedCoupling({
    ...raised,
    coupling,
    pass: passOfLost(mapping.direction, pair),
    skipped: true,
    fingerprint: fingerprintOf(lostProblem(coupling, pair)),
  });
}

/** Sets of documents that leave Business Central by being posted: there, a missing record is no deletion (E-143, A-70). */
const postedSets: ReadonlySet<string> = new Set(['salesOrders', 'salesQuotes', 'salesInvoices']);

/** Whether records that are gone are to be looked for (E-143). */
export function losesRecordsOnlyByDeletion({ businessCentral }: TableMapping): boolean {
  return !postedSets.has(businessCentral.entitySet);
}
