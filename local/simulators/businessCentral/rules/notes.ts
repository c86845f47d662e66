/** Notes of orders and quotes: what they stand on, and that they go with it (documents reference D-102). */
import type { Draft, WriteContext } from '../page/draft.ts';
import { dialogError } from '../serviceError.ts';
import { instantText, type Row } from '../store/row.ts';
import type { TableRules } from './rules.ts';

const noteTable = 'Sales Document Note';
/** Document types by the table of their headers. */
const documents = { 'Sales Order': 'Order', 'Sales Quote': 'Quote' } as const;
const tables = Object.keys(documents) as readonly (keyof typeof documents)[];

function stampDocument(draft: Draft): void {
  const id = draft.text('Document Id');
  const { company } = draft.context;
  const table = tables.find((each) => company.table(each).get(id) !== undefined);
  if (!table) throw dialogError(`There is no sales order or quote with the id ${id}.`);
  draft.assign('Document Type', documents[table]);
  draft.assign('Document No.', company.table(table).get(id)?.values['No.'] ?? '');
}

/** Rules of notes. */
export const noteRules: TableRules = {
  beforeInsert: (draft) => {
    const { database, user } = draft.context;
    stampDocument(draft);
    draft.assign('Created By', user);
    if (!draft.given.has('Created At')) draft.assign('Created At', instantText(database.clock.now()));
  },
};

/** The notes of a document go with it. */
export function removeNotes({ company, database }: WriteContext, document: Row): void {
  const table = company.table(noteTable);
  for (const note of [...table.findAll('Document Id', document.id)]) database.delete(company, table, note);
}
