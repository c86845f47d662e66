/** What is to be done about notes of orders and quotes, decided from what both systems hold (D-102 to D-104). */
import type { DataverseId } from '../common/ids.ts';
import type { BusinessCentralRecord, DataverseRow, FieldValues } from '../common/records.ts';
import type { Coupling } from '../couplings/coupling.ts';
import type { DigestText } from '../sync/digests.ts';
import type { DocumentType } from './documentType.ts';
import type { NotedDocument } from './notedDocuments.ts';
import {
  documentOfAnnotation,
  documentOfNote,
  isAnnotationChanged,
  isMadeByUs,
  isNote,
  replacedValues,
} from './salesNotes.ts';

/** One thing to do about a note. */
export type NoteAction =
  | { readonly kind: 'send'; readonly note: BusinessCentralRecord; readonly document: NotedDocument }
  | {
      readonly kind: 'copy';
      readonly annotation: DataverseRow;
      readonly document: NotedDocument;
      /** A coupling with a note that went away together with its document; null for a new note. */
      readonly previous: Coupling | null;
    }
  | {
      readonly kind: 'replace';
      readonly annotation: DataverseRow;
      readonly note: BusinessCentralRecord;
      readonly coupling: Coupling;
      readonly document: NotedDocument;
      /** Empty when both say the same; then only what is remembered of them changes. */
      readonly values: FieldValues;
    };

export interface NoteFacts {
  readonly type: DocumentType;
  readonly documents: readonly NotedDocument[];
  /** Notes of Business Central that may be new. */
  readonly notes: readonly BusinessCentralRecord[];
  /** Sales notes that may be new or changed. */
  readonly annotations: readonly DataverseRow[];
  /** Couplings of these notes, whichever side they were found by. */
  readonly couplings: readonly Coupling[];
  /** Uncoupled notes of Business Central that an earlier run copied from Sales: there is a Sales note of their id. */
  readonly copies: ReadonlySet<string>;
  /** The coupled notes of changed Sales notes, as far as they exist. */
  readonly coupledNotes: readonly BusinessCentralRecord[];
  /** A document is met for the first time: notes whose counterpart went with an earlier document are made anew. */
  readonly isFirstLook: boolean;
  /** The user this app is in Sales. */
  readonly user: DataverseId;
  readonly digest: DigestText;
}

/** What is known before anything more is read. */
export type KnownNotes = Omit<NoteFacts, 'coupledNotes' | 'copies'>;

type Send = Extract<NoteAction, { kind: 'send' }>;

/** Notes of Business Central that are not coupled; edits and deletions there are not sent (D-104). */
export function uncoupledNotes({ documents, notes, couplings }: KnownNotes): readonly Send[] {
  const coupled = new Set<string>(couplings.map(({ businessCentralId }) => businessCentralId));
  const byId = new Map<string, NotedDocument>(documents.map((each) => [each.businessCentralId, each]));
  return notes.flatMap((note): Send[] => {
    const document = byId.get(documentOfNote(note));
    return document && !coupled.has(note.id) ? [{ kind: 'send', note, document }] : [];
  });
}

/** New notes of Business Central. A copy that could not be coupled is none; it is coupled with its Sales note (P2). */
export function planToDataverse(facts: NoteFacts): readonly Send[] {
  return uncoupledNotes(facts).filter(({ note }) => !facts.copies.has(note.id));
}

/** New and changed Sales notes. What this app made of notes of Business Central is none of them. */
export function planToBusinessCentral(facts: NoteFacts): readonly NoteAction[] {
  const couplings = new Map<string, Coupling>(facts.couplings.map((each) => [each.dataverseId, each]));
  const documents = new Map<string, NotedDocument>(facts.documents.map((each) => [each.dataverseId, each]));
  const notes = new Map<string, BusinessCentralRecord>(facts.coupledNotes.map((note) => [note.id, note]));
  return facts.annotations.flatMap((annotation) => {
    const document = documents.get(documentOfAnnotation(annotation));
    if (!document || !isNote(annotation, facts.type)) return [];
    const coupling = couplings.get(annotation.id);
    if (!coupling) return newNote(facts, annotation, document);
    const note = notes.get(coupling.businessCentralId);
    if (note) return changedNote(facts, annotation, document, coupling, note);
    const isCopiedAnew = facts.isFirstLook && document.exists;
    return isCopiedAnew ? [{ kind: 'copy', annotation, document, previous: coupling } as const] : [];
  });
}

function newNote(
  { user }: NoteFacts,
  annotation: DataverseRow,
  document: NotedDocument,
): readonly NoteAction[] {
  if (!document.exists || isMadeByUs(annotation, user)) return [];
  return [{ kind: 'copy', annotation, document, previous: null }];
}

function changedNote(
  { digest }: NoteFacts,
  annotation: DataverseRow,
  document: NotedDocument,
  coupling: Coupling,
  note: BusinessCentralRecord,
): readonly NoteAction[] {
  if (!isAnnotationChanged(digest, coupling.base, annotation)) return [];
  return [
    { kind: 'replace', annotation, note, coupling, document, values: replacedValues(note, annotation) },
  ];
}

/** Which coupled Sales notes need their counterpart read: changed ones, and all of a document met for the first time. */
export function counterpartsToRead({
  annotations,
  couplings,
  isFirstLook,
  digest,
}: KnownNotes): readonly Coupling[] {
  const rows = new Map<string, DataverseRow>(annotations.map((row) => [row.id, row]));
  return couplings.filter(({ dataverseId, base }) => {
    const row = rows.get(dataverseId);
    return row !== undefined && (isFirstLook || isAnnotationChanged(digest, base, row));
  });
}

/** Sales notes that would be new in Business Central; whether their documents exist there is worth asking only then. */
export function mayBeCopied(facts: KnownNotes): readonly DataverseRow[] {
  const coupled = new Set<string>(facts.couplings.map(({ dataverseId }) => dataverseId));
  return facts.annotations.filter((row) => facts.isFirstLook || !coupled.has(row.id));
}

/** The id of the note an action is about, by which failures are remembered. */
export function subjectOf(action: NoteAction) {
  return action.kind === 'send'
    ? ({ side: 'businessCentral', id: action.note.id } as const)
    : ({ side: 'dataverse', id: action.annotation.id } as const);
}
