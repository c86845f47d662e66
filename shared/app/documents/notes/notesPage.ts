/** The companion page of notes, without which notes are not kept in step (D-106). */
import { SyncFailure } from '../../../domain/common/failures.ts';
import { notesJobName } from '../../../domain/documents/notedDocuments.ts';
import { annotationTable, noteProperties, notesSet } from '../../../domain/documents/salesNotes.ts';
import type { Shortcoming } from '../../../domain/mappings/fitMapping.ts';
import type { BusinessCentralSelection } from '../../../ports/businessCentral.ts';
import type { Log } from '../../../ports/system.ts';
import type { SyncPorts } from '../../syncPorts.ts';

/** Notes of Business Central. */
export const noteSelection: BusinessCentralSelection = {
  entitySet: notesSet,
  route: 'companion',
  properties: noteProperties,
  companions: [],
};

/** What is missing for notes; null when they can be read and written. Raises SyncFailure when a service cannot be asked. */
export async function missingNotes(ports: SyncPorts): Promise<Shortcoming | null> {
  const page = await missingNotesPage(ports);
  if (page) return page;
  try {
    await ports.dataverse.table(annotationTable);
    return null;
  } catch (error) {
    if (!(error instanceof SyncFailure) || error.code !== 'table-not-found') throw error;
    const message = `${notesJobName} does nothing: Dataverse lacks table "${annotationTable}".`;
    const suggestion = 'Give the app the right to read notes in Dataverse.';
    return { mapping: notesJobName, code: 'table-missing', fields: [], message, suggestion };
  }
}

/** The same as far as Business Central decides. */
export async function missingNotesPage({ businessCentral }: SyncPorts): Promise<Shortcoming | null> {
  if (await businessCentral.hasCompanionSet(notesSet)) return null;
  return missingPage(await businessCentral.hasCompanionApp());
}

function missingPage(isInstalled: boolean): Shortcoming {
  const reason = isInstalled ? 'an older version of the companion app' : 'no companion app';
  return {
    mapping: notesJobName,
    code: isInstalled ? 'entity-set-missing' : 'companion-app-missing',
    fields: [],
    message: `Notes of orders and quotes are not copied: Business Central has ${reason}, and no page "${notesSet}".`,
    suggestion: 'Install the companion app in Business Central, in the version this release needs.',
  };
}

const told = new WeakSet<Log>();

/** Says once per start that notes are left out. */
export function tellNotesOff(log: Log, { message }: Shortcoming): void {
  if (told.has(log)) return;
  told.add(log);
  log('information', 'order-notes-off', { reason: message });
}

/** Whether notes can be copied; where they cannot, the log says so once per start. */
export async function hasNotes(ports: SyncPorts): Promise<boolean> {
  const missing = await missingNotes(ports);
  if (missing) tellNotesOff(ports.log, missing);
  return missing === null;
}
