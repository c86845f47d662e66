/** A change in Business Central as a webhook tells it (business-central-api 7.3). */
import { type BusinessCentralId, businessCentralId, isGuid } from '../common/ids.ts';
import type { Instant } from '../common/instants.ts';
import type { Coupling } from '../couplings/coupling.ts';

/** `collection` stands for more changes than are told one by one. */
export const changeTypes = ['created', 'updated', 'deleted', 'collection'] as const;
export type ChangeType = (typeof changeTypes)[number];

/** What the resource of a notification names. */
export interface ChangedResource {
  /** Null when the resource names none. */
  readonly companyId: string | null;
  readonly entitySet: string;
  /** Null for a collection. */
  readonly recordId: BusinessCentralId | null;
  /** A collection restricted to what was modified since an instant; one that is not hides deletions. */
  readonly isFiltered: boolean;
}

/** One notification that is meant for this app. */
export interface ChangeNotification extends ChangedResource {
  readonly changeType: ChangeType;
  /** When it happened, on Business Central's clock; not the record's own modification time. Null when unreadable. */
  readonly changedAt: Instant | null;
}

const address = /(?:^|\/)(?:companies\(([^)]*)\)\/)?(\w+)(?:\(([^)]*)\))?$/i;

/** Reads a resource: absolute, rooted or relative, with a key or a query; null when it names no set. */
export function parseResource(resource: string): ChangedResource | null {
  const [path = '', ...query] = resource.trim().split('?');
  const [, company, entitySet, key] = address.exec(path) ?? [];
  if (entitySet === undefined) return null;
  const recordId = guidIn(key ?? '');
  if (key !== undefined && recordId === null) return null;
  return {
    companyId: guidIn(company ?? ''),
    entitySet,
    recordId: recordId === null ? null : businessCentralId(recordId),
    isFiltered: query.length > 0,
  };
}

/** A key may be named (`id=...`) or quoted. */
function guidIn(key: string): string | null {
  const text = key.replace(/^\w+=/, '').replaceAll("'", '').toLowerCase();
  return isGuid(text) ? text : null;
}

/** Whether records were deleted that the notification does not name (business-central-api 7.3). */
export function hidesDeletions({ changeType, isFiltered }: ChangeNotification): boolean {
  return changeType === 'collection' && !isFiltered;
}

/**
 * Whether a change is what the last pass to Business Central wrote itself (J-74): it happened between the pass's start,
 * which the id of its log row tells, and the record being noted as synchronised. A user's edit in that very moment waits
 * for the next planned run, which after a run that wrote something is never a held one.
 */
export function isEcho(coupling: Coupling, changedAt: Instant | null): boolean {
  const { toBusinessCentral: last, toDataverse: other, lastSyncedAt } = coupling;
  if (changedAt === null || lastSyncedAt === null || last?.result !== 'success') return false;
  if (other !== null && other.syncJobId > last.syncJobId) return false;
  return startOf(last.syncJobId) <= Date.parse(changedAt) && changedAt <= lastSyncedAt;
}

/** Ids are time-ordered: their first 48 bits are the milliseconds of the epoch. */
function startOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}
