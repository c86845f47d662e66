/** Orders, quotes, invoices and statistics: the promises where a record is made of several, and changes in stages. */
import { type Protection, testsOf } from '../protection.ts';

const orders = 'test/engine/orders.integration.test.ts';
const ordersBack = 'test/engine/ordersBack.integration.test.ts';
const quotes = 'test/engine/quotes.integration.test.ts';
const quoteFailures = 'test/engine/quoteFailures.integration.test.ts';
const invoices = 'test/engine/invoices.integration.test.ts';
const invoiceStates = 'test/engine/invoiceStates.integration.test.ts';
const statistics = 'test/engine/statistics.integration.test.ts';
const notes = 'shared/domain/documents/planNotes.test.ts';
const newNotes = 'test/engine/newOrderNotes.integration.test.ts';
const notesBothWays = 'test/engine/orderNotesBothWays.integration.test.ts';
const stages = 'shared/domain/documents/orderStages.test.ts';

const lost = 'is made exactly once, whether it was made';

export const documentProtections: readonly Protection[] = [
  {
    promise: 'P2',
    what: 'An order is reserved before it is created, so that a lost answer leaves a trace',
    file: 'shared/app/documents/orders/sendOrders.ts',
    find: 'await saveProgress(scope, works);',
    replace: '',
    tests: testsOf(orders, lost),
  },
  {
    promise: 'P2',
    what: 'A reserved document is looked for before it is created again',
    file: 'shared/app/documents/recoverDocuments.ts',
    find: 'rows.filter((each) => isLike(work, each) && !taken.has(idOf(each)))',
    replace: 'rows.filter(() => false)',
    tests: testsOf(orders, lost),
  },
  {
    promise: 'P2',
    what: 'Several documents that a lost create could have made are an error, never another create',
    file: 'shared/app/documents/recoverDocuments.ts',
    find: 'else if (others.length > 0)',
    replace: 'else if (others.length > 99)',
    tests: testsOf(orders, 'is parked when two orders could be it'),
  },
  {
    promise: 'P2',
    what: 'Two documents that look alike are never under way at once',
    file: 'shared/app/documents/sendDocuments.ts',
    find: '(seen.has(markerOf(work)) ? later : now).push(work);',
    replace: 'now.push(work);',
    tests: testsOf(orders, lost),
  },
  {
    promise: 'P2',
    what: 'A coupled order is never made again',
    file: 'shared/app/documents/orders/planOrders.ts',
    find: 'const open = headers.filter(({ id }) => !known.couplings.has(id));',
    replace: 'const open = headers;',
    tests: testsOf(orders, 'is made whatever the direction of the mapping, and never twice'),
  },
  {
    promise: 'P2',
    what: 'Only the one exact date stands for an order that was never taken',
    file: 'shared/domain/documents/orderStages.ts',
    find: "stamp === '' || stamp.slice(0, neverSubmitted.length) === neverSubmitted;",
    replace: "stamp === '' || stamp < '1901';",
    tests: testsOf(stages, 'are taken'),
  },
  {
    promise: 'P1',
    what: 'An order that was opened for its stamp and left open is submitted again',
    file: 'shared/domain/documents/orderStages.ts',
    find: 'close: isActive ? endState !== null : values !== null,',
    replace: 'close: !isActive && values !== null,',
    tests: testsOf(stages, 'repairs an order that was left open'),
  },
  {
    promise: 'P1',
    what: 'An order that was released before it was complete is not written to',
    file: 'shared/app/documents/completeDocuments.ts',
    find: 'if (missing.length > 0 && !isEditable(scope, record)) {',
    replace: 'if (missing.length > 99 && !isEditable(scope, record)) {',
    tests: testsOf(orders, 'and that was released before its lines were complete is parked'),
  },
  {
    promise: 'P5',
    what: 'An order that Business Central refused waits until it changes or a user asks for it',
    file: 'shared/domain/documents/documentFailures.ts',
    find: "entry?.skipped === true && entry.code === 'insert-failed' && entry.modifiedAt >= header.modifiedAt;",
    replace: "entry?.skipped === true && entry.code === 'insert-failed';",
    tests: testsOf(orders, 'because Business Central refuses it waits until it changes'),
  },
  {
    promise: 'P9',
    what: 'An order that left Business Central by being posted is not taken for a deleted one',
    file: 'shared/domain/mappings/default/salesOrderRule.ts',
    find: "if (context.postedOrders.has(pair.coupling?.businessCentralId ?? '')) {",
    replace: 'if (context.postedOrders.size > 99) {',
    tests: testsOf(ordersBack, 'that was posted becomes invoiced and is no longer coupled'),
  },
  {
    promise: 'P9',
    what: 'A canceled or invoiced Sales order is left as it is',
    file: 'shared/domain/mappings/default/salesOrderRule.ts',
    find: 'const closed = closedOutcome(state, isInvoiced);',
    replace: 'const closed = closedOutcome({ ...state, statecode: 0 }, isInvoiced);',
    tests: testsOf(ordersBack, 'takes no changes once canceled in Sales'),
  },
  {
    promise: 'P2',
    what: 'A revision takes the coupling of the quote it is written over, in one step',
    file: 'shared/app/documents/quotes/coupleQuotes.ts',
    find: "return { kind: 'repoint', coupling, previous: { businessCentralId, dataverseId } };",
    replace: "return { kind: 'create', coupling };",
    tests: testsOf(quotes, 'is written over the quote of the one before and takes its coupling'),
  },
  {
    promise: 'P5',
    what: 'A quote whose revision was refused stays on the list',
    file: 'shared/app/documents/quotes/reviseQuotes.ts',
    find: "if (outcome?.status === 'done') going.push(written(revision));",
    replace: 'if (outcome !== undefined) going.push(written(revision));',
    tests: testsOf(quoteFailures, 'leaves its quote as it was, and follows when it can'),
  },
  {
    promise: 'P2',
    what: 'An invoice that is in Sales under its number is coupled instead of made again',
    file: 'shared/domain/mappings/default/postedInvoiceRule.ts',
    find: "value: ({ businessCentral }) => businessCentral?.values['number'] ?? null,",
    replace: 'value: () => null,',
    tests: testsOf(invoices, 'of the same number and company is coupled instead of made again'),
  },
  {
    promise: 'P5',
    what: 'Every coupled invoice that was still open is looked at again, for payments leave no time behind',
    file: 'shared/app/documents/invoiceStates.ts',
    find: 'const areAny = await renewOpen(work, held);',
    replace: 'const areAny = true;',
    tests: testsOf(invoiceStates, 'makes a partly paid invoice Partial and a paid one Complete'),
  },
  {
    promise: 'P2',
    what: 'A piece of news makes the same post however often it is met',
    file: 'shared/domain/documents/orderPosts.ts',
    find: 'id: dataverseIdFor(companyId, ',
    replace: 'id: dataverseIdFor(companyId + String(Math.random()), ',
    tests: testsOf(
      'test/engine/orderStatus.integration.test.ts',
      'tells of its release, of each shipment and of each invoice, once',
    ),
  },
  {
    promise: 'P4',
    what: 'Statistics that were written as they are now are not written again',
    file: 'shared/app/statistics/dueCustomers.ts',
    find: 'if (run.checksAll || customer.written?.digest !== customer.digest) due.push(customer);',
    replace: 'due.push(customer);',
    tests: testsOf(statistics, 'asks few questions'),
  },
  {
    promise: 'P2',
    what: 'A copy of a Sales note that could not be coupled is not sent back as a new note',
    file: 'shared/domain/documents/planNotes.ts',
    find: 'filter(({ note }) => !facts.copies.has(note.id))',
    replace: 'filter(() => true)',
    tests: testsOf(notes, 'that are copies of Sales notes and could not be coupled are not sent back'),
  },
  {
    promise: 'P2',
    what: 'What this app made of a note of Business Central is not taken for a new Sales note',
    file: 'shared/domain/documents/planNotes.ts',
    find: 'if (!document.exists || isMadeByUs(annotation, user)) return [];',
    replace: 'if (!document.exists) return [];',
    tests: testsOf(notes, 'that this app made of a note and could not couple are none of them'),
  },
  {
    promise: 'P2',
    what: 'A note whose creation had no answer is looked for by its id',
    file: 'shared/domain/documents/salesNotes.ts',
    find: '...{ id: noteIdOf(annotation), documentId: document, description, noteText: text },',
    replace: '...{ documentId: document, description, noteText: text },',
    tests: testsOf(newNotes, 'has each note once, though the answer to its creation was lost'),
  },
  {
    promise: 'P1',
    what: 'A Sales note that was touched without a change overwrites no edit of its note',
    file: 'shared/domain/documents/planNotes.ts',
    find: 'if (!isAnnotationChanged(digest, coupling.base, annotation)) return [];',
    replace: '',
    tests: testsOf(notes, 'that were touched without a change overwrite no edit of Business Central'),
  },
  {
    promise: 'P9',
    what: 'Very many lost notes stop the job before one is deleted',
    file: 'shared/app/documents/notes/removedNotes.ts',
    find: 'guardMassChange({ ...ports.policy, mapping: notesJobName, lost: notes.length, coupled });',
    replace: '',
    tests: testsOf(notesBothWays, 'together with very many others stops the job before anything is deleted'),
  },
  {
    promise: 'P9',
    what: 'Notes of an order that is gone from Sales stay in Business Central',
    file: 'shared/app/documents/notes/removedNotes.ts',
    find: 'orders.filter(({ dataverseId }) => inSales.has(dataverseId))',
    replace: 'orders.filter(({ dataverseId }) => inSales.has(dataverseId) || true)',
    tests: testsOf(notesBothWays, 'together with its order stays'),
  },
];
