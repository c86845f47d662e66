/** The full comparison by keys: finds couplings that lost a side without anybody telling (DESIGN, change reading). */
import type { BusinessCentralRecord, DataverseRow } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { RecordPair } from '../../domain/sync/planTypes.ts';
import type { RunScope } from './runScope.ts';
import { markUnseen } from './unseenChanges.ts';

/** Couplings read and checked at a time; what bounds memory. */
const couplingsAtATime = 1000;

/**
 * Every coupling of which a side no longer exists, whatever the filters say: a record that only left a filter still
 * exists and is never taken for deleted (P9). Those this run judged already are left out, and so are skipped couplings
 * unless both records are gone, which leaves nothing to decide (E-142).
 */
export async function lostBySweep(scope: RunScope): Promise<readonly RecordPair[]> {
  const lost: RecordPair[] = [];
  let continuation: string | null = null;
  do {
    const page = { top: couplingsAtATime, continuation };
    const stored = await scope.ports.couplings.list({ mapping: scope.mapping.name }, page);
    const open = stored.rows.filter(
      ({ businessCentralId, archive }) => archive === undefined && !scope.lostMet.has(businessCentralId),
    );
    const pairs = await pairsOf(scope, open);
    await markUnseen(scope, pairs);
    lost.push(...pairs.filter(isLost));
    continuation = stored.continuation;
  } while (continuation !== null);
  return lost;
}

function isLost({ businessCentral, dataverse, coupling }: RecordPair): boolean {
  if (coupling?.state === 'skipped') return businessCentral === null && dataverse === null;
  return businessCentral === null || dataverse === null;
}

/** Both records of each coupling as they are now; null for those that are gone. Raises when a read fails. */
export async function pairsOf<Pair extends Pick<Coupling, 'businessCentralId' | 'dataverseId'>>(
  { ports, selections }: Pick<RunScope, 'ports' | 'selections'>,
  couplings: readonly Pair[],
): Promise<readonly (Omit<RecordPair, 'coupling'> & { readonly coupling: Pair })[]> {
  if (couplings.length === 0) return [];
  const [records, rows] = await Promise.all([
    ports.businessCentral.readByIds(
      selections.businessCentral,
      couplings.map((coupling) => coupling.businessCentralId),
    ),
    ports.dataverse.readByIds(
      selections.dataverse,
      couplings.map((coupling) => coupling.dataverseId),
    ),
  ]);
  const byId = new Map<string, BusinessCentralRecord>(records.map((record) => [record.id, record]));
  const byRowId = new Map<string, DataverseRow>(rows.map((row) => [row.id, row]));
  return couplings.map((coupling) => ({
    coupling,
    businessCentral: byId.get(coupling.businessCentralId) ?? null,
    dataverse: byRowId.get(coupling.dataverseId) ?? null,
  }));
}
