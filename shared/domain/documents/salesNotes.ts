/** Notes of Sales orders and quotes, and of their documents in Business Central: which count, and what each becomes (D-102, D-104). */
import { type BusinessCentralId, businessCentralId, type DataverseId } from '../common/ids.ts';
import type {
  BusinessCentralRecord,
  DataverseRow,
  DataverseWriteValue,
  FieldValues,
} from '../common/records.ts';
import type { BaseDigests } from '../couplings/coupling.ts';
import { isNameBased } from '../couplings/dataverseIdFor.ts';
import { changedSinceBase, type DigestText, fieldBase } from '../sync/digests.ts';
import { canonicalText, cut } from '../sync/values.ts';
import type { DocumentType } from './documentType.ts';
import { plainText } from './noteText.ts';

/** The table of notes in Dataverse, and what is read of it. */
export const annotationTable = 'annotation';
export const annotationAttributes = [
  ...['objectid', 'subject', 'notetext', 'isdocument', 'filesize', 'createdon', 'createdby'],
] as const;

/** The companion page of notes, and what is read of it. */
export const notesSet = 'salesDocumentNotes';
export const noteProperties = [
  'documentId',
  'documentNumber',
  'description',
  'noteText',
  'createdAt',
] as const;

/** As long as both sides take. */
const longestDescription = 250;
const longestText = 100_000;

/** What a note says, on either side. */
export interface NoteContent {
  readonly description: string;
  readonly text: string;
}

/** Whether the row is a note; attachments never travel. Quotes have no test of the file's size (D-102, D-105). */
export function isNote({ values }: DataverseRow, type: DocumentType): boolean {
  const isAttachment = type === 'order' && Number(values['filesize'] ?? 0) !== 0;
  return values['isdocument'] !== true && !isAttachment;
}

/** The order or quote the Sales note stands on. */
export function documentOfAnnotation({ values }: DataverseRow): string {
  return canonicalText(values['objectid']).toLowerCase();
}

/** The document the note of Business Central stands on. */
export function documentOfNote({ values }: BusinessCentralRecord): string {
  return canonicalText(values['documentId']).toLowerCase();
}

/** What a Sales note says in Business Central. */
export function contentOfAnnotation({ values }: DataverseRow): NoteContent {
  return {
    description: cut(canonicalText(values['subject']), longestDescription),
    text: plainText(canonicalText(values['notetext'])),
  };
}

/** What a note of Business Central says. */
export function contentOfNote({ values }: BusinessCentralRecord): NoteContent {
  return { description: canonicalText(values['description']), text: canonicalText(values['noteText']) };
}

/** Subject and text of a Sales note, as they are stored there. */
export interface AnnotationContent {
  readonly subject: string;
  readonly text: string;
}

/** What a note of Business Central says in Sales. */
export function annotationContent(note: BusinessCentralRecord): AnnotationContent {
  const { description, text } = contentOfNote(note);
  return { subject: cut(description, longestDescription), text: cut(text, longestText) };
}

/** The columns of a Sales note that a note of Business Central becomes. */
export function annotationValues(
  note: BusinessCentralRecord,
  order: DataverseId,
): Readonly<Record<string, DataverseWriteValue>> {
  const { subject, text } = annotationContent(note);
  return { subject: subject || null, notetext: text || null, objectid: { table: 'salesorder', id: order } };
}

/**
 * The id the note of Business Central gets: that of the Sales note, so that a creation that is repeated finds the note
 * instead of making a second one.
 */
export function noteIdOf({ id }: DataverseRow): BusinessCentralId {
  return businessCentralId(id);
}

/** The properties of the note of Business Central that a Sales note becomes. */
export function noteValues(annotation: DataverseRow, document: BusinessCentralId): FieldValues {
  const { description, text } = contentOfAnnotation(annotation);
  const createdAt = annotation.values['createdon'] ?? null;
  return {
    ...{ id: noteIdOf(annotation), documentId: document, description, noteText: text },
    ...(createdAt === null ? {} : { createdAt }),
  };
}

/** Whether this app made the row of a note of Business Central; without its coupling it is never taken for a Sales note. */
export function isMadeByUs({ id, values }: DataverseRow, user: DataverseId): boolean {
  return isNameBased(id) && values['createdby'] === user;
}

/** What both sides said when they last agreed. */
export function noteBase(digest: DigestText, ours: NoteContent, theirs: AnnotationContent): BaseDigests {
  return {
    description: fieldBase(digest, 'description', ours.description, theirs.subject),
    noteText: fieldBase(digest, 'noteText', ours.text, theirs.text),
  };
}

/** What a Sales note says there. */
export function storedContent({ values }: DataverseRow): AnnotationContent {
  return { subject: canonicalText(values['subject']), text: canonicalText(values['notetext']) };
}

/** Whether a user changed the Sales note since both sides agreed; one without a base counts as changed. */
export function isAnnotationChanged(
  digest: DigestText,
  base: BaseDigests | null,
  row: DataverseRow,
): boolean {
  const { subject, text } = storedContent(row);
  const isChanged = (key: string, value: string) =>
    changedSinceBase(digest, key, base?.[key], 'dataverse', value) ?? true;
  return isChanged('description', subject) || isChanged('noteText', text);
}

/** Whether a user changed the note in Business Central since both sides agreed. */
export function isNoteChanged(
  digest: DigestText,
  base: BaseDigests | null,
  note: BusinessCentralRecord,
): boolean {
  const { description, text } = contentOfNote(note);
  const isChanged = (key: string, value: string) =>
    changedSinceBase(digest, key, base?.[key], 'businessCentral', value) ?? true;
  return isChanged('description', description) || isChanged('noteText', text);
}

/** The properties in which the note of Business Central differs from the Sales note. */
export function replacedValues(note: BusinessCentralRecord, annotation: DataverseRow): FieldValues {
  const [present, wanted] = [contentOfNote(note), contentOfAnnotation(annotation)];
  return {
    ...(present.description === wanted.description ? {} : { description: wanted.description }),
    ...(present.text === wanted.text ? {} : { noteText: wanted.text }),
  };
}
