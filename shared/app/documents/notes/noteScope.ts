/** What copying notes works with. */
import type { DataverseId, MappingName } from '../../../domain/common/ids.ts';
import type { BusinessCentralRecord, DataverseRow } from '../../../domain/common/records.ts';
import type { DocumentType } from '../../../domain/documents/documentType.ts';
import type { NotedDocument } from '../../../domain/documents/notedDocuments.ts';
import { annotationAttributes, annotationTable } from '../../../domain/documents/salesNotes.ts';
import type { DigestText } from '../../../domain/sync/digests.ts';
import type { DataverseSelection } from '../../../ports/dataverse.ts';
import type { SyncPorts } from '../../syncPorts.ts';

/** Notes of Sales. */
export const annotationSelection: DataverseSelection = {
  table: annotationTable,
  attributes: annotationAttributes,
};

export interface NoteScope {
  readonly ports: SyncPorts;
  readonly type: DocumentType;
  /** Under which couplings, errors and the retry list of these notes are kept. */
  readonly mapping: MappingName;
  readonly companyId: string;
  /** The user this app is in Sales. */
  readonly user: DataverseId;
  readonly digest: DigestText;
  /** About how many couplings the mapping has. */
  readonly coupledCount: number;
}

/** Notes to be looked at together. */
export interface NoteBatch {
  readonly documents: readonly NotedDocument[];
  readonly notes: readonly BusinessCentralRecord[];
  readonly annotations: readonly DataverseRow[];
  /** The documents are met for the first time, with all their notes. */
  readonly isFirstLook: boolean;
}

/** Builds the scope; asks who the app is and which company it serves, which is remembered. */
export async function openNoteScope(
  ports: SyncPorts,
  options: Pick<NoteScope, 'type' | 'mapping' | 'coupledCount'>,
): Promise<NoteScope> {
  const [{ id: companyId }, { userId: user }, key] = await Promise.all([
    ports.businessCentral.company(),
    ports.dataverse.whoAmI(),
    ports.mappings.digestKey(),
  ]);
  return { ports, ...options, companyId, user, digest: ports.digestWith(key) };
}
