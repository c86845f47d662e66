import { describe, expect, it } from 'vitest';
import { guidOf, plainDigest, record, row } from '../../../test/builders/records.ts';
import { businessCentralId, type DataverseId, dataverseId } from '../common/ids.ts';
import type { BusinessCentralRecord, DataverseRow, FieldValues } from '../common/records.ts';
import type { Coupling } from '../couplings/coupling.ts';
import { dataverseIdFor } from '../couplings/dataverseIdFor.ts';
import { type NotedDocument, notesJobName } from './notedDocuments.ts';
import { counterpartsToRead, type NoteFacts, planToBusinessCentral, planToDataverse } from './planNotes.ts';
import { contentOfAnnotation, contentOfNote, noteBase, storedContent } from './salesNotes.ts';

const order: NotedDocument = {
  businessCentralId: businessCentralId(guidOf('b', 100)),
  dataverseId: dataverseId(guidOf('d', 100)),
  number: 'S-100',
  exists: true,
};
const user = dataverseId(guidOf('d', 900));

function annotation(values: FieldValues, number = 1): DataverseRow {
  const defaults = {
    objectid: order.dataverseId,
    isdocument: false,
    filesize: null,
    createdby: guidOf('d', 5),
  };
  return row({ ...defaults, subject: 'Subject', notetext: '<p>Text</p>', ...values }, number);
}

function note(values: FieldValues = {}, number = 1): BusinessCentralRecord {
  return record(
    { documentId: order.businessCentralId, description: 'Subject', noteText: 'Text', ...values },
    number,
  );
}

function coupledPair(ours: BusinessCentralRecord, theirs: DataverseRow): Coupling {
  return {
    ...{ mapping: notesJobName, businessCentralId: ours.id, dataverseId: theirs.id, state: 'synchronized' },
    ...{ businessCentralName: 'S-100', dataverseName: 'S-100', lastSyncedAt: null, lastError: null },
    ...{ toDataverse: null, toBusinessCentral: null },
    base: noteBase(plainDigest, contentOfNote(ours), storedContent(theirs)),
  };
}

function facts(changes: Partial<NoteFacts>): NoteFacts {
  return {
    ...{
      type: 'order',
      documents: [order],
      notes: [],
      annotations: [],
      couplings: [],
      coupledNotes: [],
      copies: new Set(),
    },
    ...{ isFirstLook: false, user, digest: plainDigest },
    ...changes,
  };
}

describe('notes of Business Central', () => {
  it('become Sales notes when they are new and stand on a coupled order (D-104)', () => {
    const elsewhere = note({ documentId: guidOf('b', 999) }, 2);
    expect(planToDataverse(facts({ notes: [note(), elsewhere] }))).toMatchObject([
      { kind: 'send', note: { id: note().id }, document: order },
    ]);
  });

  it('that are copies of Sales notes and could not be coupled are not sent back (P2)', () => {
    expect(planToDataverse(facts({ notes: [note()], copies: new Set([note().id]) }))).toEqual([]);
  });

  it('are never sent again, whatever was edited in them (D-104)', () => {
    const couplings = [coupledPair(note(), annotation({}))];
    expect(planToDataverse(facts({ notes: [note({ noteText: 'Edited' })], couplings }))).toEqual([]);
  });
});

describe('notes of Sales', () => {
  it.each<[string, FieldValues, number]>([
    ['a note', {}, 1],
    ['a note with size zero', { filesize: 0 }, 1],
    ['a document', { isdocument: true }, 0],
    ['an attachment', { filesize: 12 }, 0],
    ['a note of another record', { objectid: guidOf('d', 999) }, 0],
  ])('%s is copied or left out (D-102)', (_what, values, copied) => {
    const actions = planToBusinessCentral(facts({ annotations: [annotation(values)] }));
    expect(actions.filter(({ kind }) => kind === 'copy')).toHaveLength(copied);
  });

  it('of a quote are copied without a look at the size of a file (D-105)', () => {
    const annotations = [annotation({ filesize: 12 })];
    expect(planToBusinessCentral(facts({ type: 'quote', annotations }))).toMatchObject([{ kind: 'copy' }]);
  });

  it('are not copied to an order that left Business Central', () => {
    const documents = [{ ...order, exists: false }];
    expect(planToBusinessCentral(facts({ documents, annotations: [annotation({})] }))).toEqual([]);
  });

  it('that this app made of a note and could not couple are none of them (P2)', () => {
    const id: DataverseId = dataverseIdFor('company', notesJobName, note().id);
    const made = { ...annotation({ createdby: user }), id };
    expect(planToBusinessCentral(facts({ annotations: [made] }))).toEqual([]);
  });

  it('replace text and description once they changed, with what differs (D-104)', () => {
    const [ours, before] = [note(), annotation({})];
    const changed = annotation({ notetext: '<p>New</p>' });
    const known = { annotations: [changed], couplings: [coupledPair(ours, before)] };
    expect(counterpartsToRead(facts(known))).toHaveLength(1);
    expect(planToBusinessCentral(facts({ ...known, coupledNotes: [ours] }))).toMatchObject([
      { kind: 'replace', values: { noteText: 'New' } },
    ]);
  });

  it('that were touched without a change overwrite no edit of Business Central (P1)', () => {
    const before = annotation({});
    const known = { annotations: [before], couplings: [coupledPair(note(), before)] };
    expect(counterpartsToRead(facts(known))).toEqual([]);
    const coupledNotes = [note({ noteText: 'Edited there' })];
    expect(planToBusinessCentral(facts({ ...known, coupledNotes }))).toEqual([]);
  });

  it('are not copied again when their note was deleted in Business Central (D-104)', () => {
    const couplings = [coupledPair(note(), annotation({}))];
    const annotations = [annotation({ notetext: 'New' })];
    expect(planToBusinessCentral(facts({ annotations, couplings }))).toEqual([]);
  });

  it('are copied again when their order was made anew (D-105)', () => {
    const couplings = [coupledPair(note(), annotation({}))];
    const known = facts({ annotations: [annotation({})], couplings, isFirstLook: true });
    expect(planToBusinessCentral(known)).toMatchObject([{ kind: 'copy', previous: couplings[0] }]);
  });

  it('have descriptions as long as Business Central takes', () => {
    expect(contentOfAnnotation(annotation({ subject: 'x'.repeat(300) })).description).toHaveLength(250);
  });
});
