/** What other tables learn of records that were just made in Business Central (E-89, E-96). */
import type { PassDirection } from '../../domain/common/directions.ts';
import { SyncFailure } from '../../domain/common/failures.ts';
import type { DataverseId } from '../../domain/common/ids.ts';
import { mappingName } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { AppliedAction } from './applyActions.ts';
import { releaseLease, takeLease } from './lease.ts';
import type { RunScope } from './runScope.ts';

const contacts = mappingName('CONTACT');
const parentColumn = 'parentcustomerid';

/**
 * Carries it out for the inserts of a page, before they are recorded, so that a repeat after a crash does it again. Neither
 * holds the records up: a team that takes nobody is told in the log, contacts follow in the next run of CONTACT.
 */
export async function afterInserts(
  scope: RunScope,
  pass: PassDirection,
  ends: readonly AppliedAction[],
): Promise<void> {
  const { joinsOwningTeam, bringsContacts } = scope.rule;
  if (pass === 'toDataverse' || !(joinsOwningTeam || bringsContacts)) return;
  const made = ends.filter((end) => end.status === 'done').filter(({ kind }) => kind === 'insert');
  const ids = made.map(({ dataverse }) => dataverse.id);
  if (ids.length === 0) return;
  if (joinsOwningTeam) await joinTeam(scope, ids);
  if (bringsContacts) await bringContacts(scope, ids);
}

/** "When possible": users without a fitting licence or team stay outside (E-89). */
async function joinTeam({ ports, company }: RunScope, users: readonly DataverseId[]): Promise<void> {
  try {
    const team = await company.owningTeam();
    if (team !== null) await ports.dataverse.addToTeam(team, users);
  } catch (error) {
    if (!(error instanceof SyncFailure) || error.kind === 'bug') throw error;
    ports.log('warning', 'team-not-joined', { users: users.length, reason: error.message });
  }
}

/** Contacts of these accounts that were synchronised before have no company yet: they are handed to their own mapping. */
async function bringContacts(scope: RunScope, accounts: readonly DataverseId[]): Promise<void> {
  const { ports, request } = scope;
  const selection = { table: 'contact', attributes: [parentColumn] };
  const rows = await ports.dataverse.readByValues(selection, parentColumn, accounts);
  if (rows.length === 0) return;
  const { state } = await ports.mappings.get(contacts);
  const ids = rows.map(({ id }) => id);
  const couplings = await ports.couplings.byDataverseIds(contacts, ids, state.coupledCount);
  if (couplings.length === 0) return;
  const waiting = couplings.filter((coupling) => coupling.state !== 'skipped').map(awaitingRun);
  const save = () =>
    ports.couplings.save(
      contacts,
      waiting.map((coupling) => ({ kind: 'replace', coupling })),
    );
  // A run of CONTACT that brought its accounts along holds the lease itself, and waits for us (E-66).
  if (state.lease?.owner === request.runId) {
    await save();
    return;
  }
  const held = await takeLease(ports, contacts, request.runId);
  if (held === null) {
    ports.log('warning', 'contacts-not-brought', { contacts: couplings.length });
    return;
  }
  try {
    await save();
  } finally {
    await releaseLease(ports, held, held.state);
  }
}

/** Without a result in its direction a pending coupling is on the retry list of the pass to Business Central (E-15). */
function awaitingRun(coupling: Coupling): Coupling {
  return { ...coupling, state: 'pending', toBusinessCentral: null };
}
