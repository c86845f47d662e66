/** Documents as actions of a dry run (contract section 3). */
import type { MappingName } from '../../domain/common/ids.ts';
import { isToldAlready } from '../../domain/documents/documentFailures.ts';
import type { DocumentType } from '../../domain/documents/documentType.ts';
import { documentName } from '../../domain/documents/planDocument.ts';
import { plannedFields } from '../../domain/documents/plannedFields.ts';
import { nothingSettled, shownWrite } from '../../domain/sync/plannedRow.ts';
import type { FieldChange, PlannedAction } from '../../domain/sync/planTypes.ts';
import type { DocumentEnd, DocumentWork } from './documentScope.ts';
import type { DocumentRetries } from './recordDocuments.ts';

/** Whose documents are planned, and what is known of earlier failures. */
export interface PlannedDocuments {
  readonly type: DocumentType;
  readonly mapping: MappingName;
  readonly retries: DocumentRetries;
}

/** What actions about one document have in common. */
export function documentHead(
  { type, mapping }: Pick<PlannedDocuments, 'type' | 'mapping'>,
  { id, header }: Pick<DocumentEnd, 'id' | 'header'>,
) {
  return {
    mapping,
    direction: 'toBusinessCentral',
    businessCentralId: null,
    dataverseId: id,
    name: header ? documentName(type, header) : '',
    pair: { businessCentral: null, dataverse: header, coupling: null },
  } as const;
}

/** The document that would come to be, or be completed: header and lines as fields. */
export function plannedInsert(
  documents: Pick<PlannedDocuments, 'type' | 'mapping'>,
  { header, plan, intent }: Pick<DocumentWork, 'header' | 'plan' | 'intent'>,
): PlannedAction {
  const head = documentHead(documents, { id: header.id, header });
  const { businessCentralId } = intent.document;
  return {
    ...{ ...head, businessCentralId },
    kind: 'insert',
    ...shownWrite(plannedFields(documents.type, plan)),
  };
}

/** A document that is there and only has to be coupled, which the run counts as inserted (D-120). */
export function plannedCoupling(
  documents: Pick<PlannedDocuments, 'type' | 'mapping'>,
  { header, intent }: Pick<DocumentWork, 'header' | 'intent'>,
  fields: readonly FieldChange[] = [],
): PlannedAction {
  const head = documentHead(documents, { id: header.id, header });
  const { businessCentralId } = intent.document;
  return { ...head, businessCentralId, kind: 'insert', ...shownWrite(fields) };
}

/** A document that would not be made: what is told already, or waits for a user, is skipped as the run skips it (D-71). */
export function plannedEnd(documents: PlannedDocuments, end: DocumentEnd): PlannedAction {
  const head = documentHead(documents, end);
  const entry = documents.retries.get(end.id);
  if (end.status === 'waiting') {
    const { code = 'skipped', message = 'It waits for a user.' } = entry ?? {};
    return { ...head, kind: 'skip', code, reason: message };
  }
  if (end.status !== 'failed') return { ...head, kind: 'unchanged', ...nothingSettled };
  const { problem } = end;
  return isToldAlready(documents.type, entry, problem)
    ? { ...head, kind: 'skip', code: problem.code, reason: problem.message }
    : { ...head, kind: 'fail', problem };
}
