/** The port to requested actions: the audit of what users asked for, and the memory of what is still to be done. */
import type { ActionRun } from '../domain/actions/actionRun.ts';
import type { AuditRow } from '../domain/audit/auditRow.ts';
import type { RunId } from '../domain/common/ids.ts';
import type { Instant } from '../domain/common/instants.ts';
import type { PageRequest, StoredPage } from './pages.ts';

/** Rows that pass every filter given; absent filters pass everything. */
export interface AuditQuery {
  readonly user?: string;
  readonly action?: string;
  readonly target?: string;
  /** Asked for at this instant or later. */
  readonly since?: Instant;
}

export interface ActionStore {
  /** Inserts or replaces by run id. Safe to repeat. */
  save(action: ActionRun): Promise<void>;
  /** Null when there is no such action. */
  get(id: RunId): Promise<ActionRun | null>;
  /** Removes actions requested before; those that have not ended stay. Returns how many went. Safe to repeat. */
  removeRequestedBefore(at: Instant): Promise<number>;
  /** Inserts or replaces a row of the audit by its id. Safe to repeat. */
  saveAudit(row: AuditRow): Promise<void>;
  /** A page of the audit, newest first. */
  listAudit(query: AuditQuery, page: PageRequest): Promise<StoredPage<AuditRow>>;
  /** Removes rows of the audit written before. Returns how many went. Safe to repeat. */
  removeAuditBefore(at: Instant): Promise<number>;
}
