/** Writes what somebody asks for into the audit before it is done, and what came of it afterwards. */
import type { Composition } from '../../shared/composition/composition.ts';
import { type AuditOutcome, type AuditRow, keptInput } from '../../shared/domain/audit/auditRow.ts';
import { isGuid, runId } from '../../shared/domain/common/ids.ts';
import { errorFactsOf } from './apiError.ts';
import type { Answer } from './endpoint.ts';

/** A checked request as the audit tells of it. */
export interface AuditedCall {
  /** Name of the operation. */
  readonly action: string;
  readonly user: string;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Does it, and raises what it raises. Nothing is done that could not be written down before. Raises SyncFailure. */
export async function audited(
  app: Composition,
  { action, user, params, body }: AuditedCall,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const { ports } = await app.connect();
  const at = ports.clock.now();
  const target = params['name'] ?? params['id'] ?? null;
  const asked = {
    id: ports.ids.auditId(at),
    at,
    user,
    action,
    target,
    input: keptInput(body),
    outcome: null,
  };
  await ports.actions.saveAudit(asked);
  const conclude = async (outcome: AuditOutcome) => {
    const row: AuditRow = { ...asked, outcome };
    // What was done is done: that its outcome could not be written must not be answered as a failure.
    await ports.actions.saveAudit(row).catch((error: unknown) => {
      ports.log('warning', 'audit-incomplete', { action, message: String(error) });
    });
  };
  try {
    const answer = await work();
    await conclude({ status: answer.status, code: null, runIds: runsOf(answer.body) });
    return answer;
  } catch (error) {
    const { status, code } = errorFactsOf(error);
    await conclude({ status, code, runIds: [] });
    throw error;
  }
}

function runsOf(body: unknown): AuditOutcome['runIds'] {
  const runIds = (body as { readonly runIds?: unknown } | null)?.runIds;
  if (!Array.isArray(runIds)) return [];
  return runIds.filter((id) => typeof id === 'string' && isGuid(id)).map(runId);
}
