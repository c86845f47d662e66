/** Reads what deciding about a batch of notes takes: couplings, counterparts, and which documents still exist. */
import { businessCentralId, dataverseId } from '../../../domain/common/ids.ts';
import type { BusinessCentralRecord } from '../../../domain/common/records.ts';
import type { Coupling } from '../../../domain/couplings/coupling.ts';
import { namesOf } from '../../../domain/documents/documentType.ts';
import type { NotedDocument } from '../../../domain/documents/notedDocuments.ts';
import {
  counterpartsToRead,
  mayBeCopied,
  type NoteFacts,
  uncoupledNotes,
} from '../../../domain/documents/planNotes.ts';
import { annotationTable, documentOfAnnotation } from '../../../domain/documents/salesNotes.ts';
import type { NoteBatch, NoteScope } from './noteScope.ts';
import { noteSelection } from './notesPage.ts';

/** In bulk: the number of requests does not depend on how many notes there are, but for the size of a batch. */
export async function factsOfNotes(scope: NoteScope, batch: NoteBatch): Promise<NoteFacts> {
  const { ports, type, user, digest } = scope;
  const known = { ...batch, type, user, digest, couplings: await couplingsOf(scope, batch) };
  const counterparts = counterpartsToRead(known).map(({ businessCentralId: id }) => id);
  const [copies, coupledNotes, documents] = await Promise.all([
    copiesAmong(
      scope,
      uncoupledNotes(known).map(({ note }) => note),
    ),
    counterparts.length === 0 ? [] : ports.businessCentral.readByIds(noteSelection, counterparts),
    withExistence(scope, batch.documents, new Set(mayBeCopied(known).map(documentOfAnnotation))),
  ]);
  return { ...known, documents, copies, coupledNotes };
}

async function couplingsOf(
  { ports: { couplings }, mapping, coupledCount }: NoteScope,
  { notes, annotations }: NoteBatch,
): Promise<readonly Coupling[]> {
  const ours = notes.map(({ id }) => id);
  const theirs = annotations.map(({ id }) => id);
  const found = await Promise.all([
    ours.length === 0 ? [] : couplings.byBusinessCentralIds(mapping, ours, coupledCount),
    theirs.length === 0 ? [] : couplings.byDataverseIds(mapping, theirs, coupledCount),
  ]);
  return [...new Map(found.flat().map((coupling) => [coupling.businessCentralId, coupling])).values()];
}

/** A note has the id of the Sales note it was copied from. */
async function copiesAmong(
  { ports }: NoteScope,
  notes: readonly BusinessCentralRecord[],
): Promise<ReadonlySet<string>> {
  if (notes.length === 0) return new Set();
  const selection = { table: annotationTable, attributes: [] };
  const ids = notes.map(({ id }) => dataverseId(id));
  return new Set((await ports.dataverse.readByIds(selection, ids)).map(({ id }) => id));
}

/** Only documents that would get notes are asked for. */
async function withExistence(
  { ports, type }: NoteScope,
  documents: readonly NotedDocument[],
  wanted: ReadonlySet<string>,
): Promise<readonly NotedDocument[]> {
  const asked = documents.filter(({ dataverseId }) => wanted.has(dataverseId));
  if (asked.length === 0) return documents;
  const records = await ports.businessCentral.readByIds(
    { entitySet: namesOf(type).entitySet, route: 'v2.0', properties: ['number'], companions: [] },
    asked.map((each) => businessCentralId(each.businessCentralId)),
  );
  const present = new Set<string>(records.map(({ id }) => id));
  return documents.map((each) =>
    wanted.has(each.dataverseId) ? { ...each, exists: present.has(each.businessCentralId) } : each,
  );
}
