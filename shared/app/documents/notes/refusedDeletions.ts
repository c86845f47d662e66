/** Errors of notes that Business Central does not let go. */
import type { Coupling } from '../../../domain/couplings/coupling.ts';
import { notesJobName } from '../../../domain/documents/notedDocuments.ts';
import type { SyncError } from '../../../domain/logs/syncJob.ts';
import type { RecordProblem } from '../../../domain/sync/problems.ts';
import type { NoteRun } from './noteRun.ts';

/** Writes one open error per note and gives the couplings that name them; a refusal that is told already is not told again. */
export async function tellRefused(
  run: NoteRun,
  refused: ReadonlyMap<string, RecordProblem>,
  couplingOf: ReadonlyMap<string, Coupling>,
): Promise<readonly Coupling[]> {
  const news = [...refused].flatMap(([id, raised]) => {
    const coupling = couplingOf.get(id);
    return coupling && coupling.lastError?.message !== raised.message ? [{ coupling, raised }] : [];
  });
  if (news.length === 0) return [];
  const { ports } = run.scope;
  const { syncJob } = await run.row('toBusinessCentral');
  const occurredAt = ports.clock.now();
  const errors = news.map(({ coupling, raised }): SyncError => {
    const { code, kind, message, field, suggestion } = raised;
    const { businessCentralId, dataverseId, businessCentralName: name } = coupling;
    return {
      ...{ id: ports.ids.syncErrorId(occurredAt), syncJobId: syncJob.id, mapping: notesJobName },
      ...{ direction: 'toBusinessCentral', businessCentralId, dataverseId, name },
      ...{ code, kind, message, field, suggestion, occurredAt, resolvedAt: null },
    };
  });
  await ports.logs.saveErrors(errors);
  const replaced = news.flatMap(({ coupling }) => coupling.lastError?.errorId ?? []);
  if (replaced.length > 0) await ports.logs.resolveErrors(notesJobName, replaced, occurredAt);
  return news.flatMap(({ coupling }, index): readonly Coupling[] => {
    const error = errors[index];
    if (!error) return [];
    const { id: errorId, code, message } = error;
    return [{ ...coupling, state: 'failed', lastError: { errorId, code, message, occurredAt } }];
  });
}
