/** Which quotes are taken, what a revision follows on and changes, and which order a won quote leads to (D-107 to D-113). */
import { describe, expect, it } from 'vitest';
import { facts, line, planned } from '../../../test/builders/documents.ts';
import { row } from '../../../test/builders/records.ts';
import type { FieldValues } from '../common/records.ts';
import { documentProblemCatalog } from './documentProblems.ts';
import { earlierRevisions, headerRewrite, isRevision, isTaken, isWon, orderOfQuote } from './quoteStages.ts';

const quote = (values: FieldValues, number = 1) =>
  row({ quotenumber: 'QUO-1', name: 'Chairs', revisionnumber: 0, ...values }, number);
const revised = { statecode: 3, statuscode: 7 };

describe('quotes', () => {
  it.each([
    [0, false, false],
    [1, true, false],
    [2, true, true],
    [3, false, false],
  ])('of state %s are taken: %s, and won: %s (D-107, D-110)', (statecode, taken, won) => {
    expect([isTaken(quote({ statecode })), isWon(quote({ statecode }))]).toEqual([taken, won]);
  });

  it('that were revised and have the same number come before a revision, the newest first (D-109)', () => {
    const header = quote({ revisionnumber: 3, statecode: 1 }, 1);
    const rows = [
      quote({ ...revised, revisionnumber: 0 }, 2),
      quote({ ...revised, revisionnumber: 2, quotenumber: 'quo-1' }, 3),
      quote({ statecode: 3, statuscode: 5, revisionnumber: 1 }, 4),
      quote({ ...revised, quotenumber: 'QUO-2' }, 5),
      quote({ statecode: 1, revisionnumber: 3 }, 1),
    ];
    expect(earlierRevisions(header, rows)).toEqual([rows[1], rows[0]]);
    expect([isRevision(header), isRevision(quote({}))]).toEqual([true, false]);
  });

  it('that were won lead to the coupled order, else to a submitted one, else to any (D-110)', () => {
    const [open, submitted, coupled] = [row({ statecode: 0 }, 1), row({ statecode: 1 }, 2), row({}, 3)];
    const all = [open, submitted, coupled];
    expect(orderOfQuote(all, ({ id }) => id === coupled.id)).toBe(coupled);
    expect(orderOfQuote(all, () => false)).toBe(submitted);
    expect(orderOfQuote([open], () => false)).toBe(open);
    expect(orderOfQuote([], () => true)).toBeUndefined();
  });
});

describe('the header of a revision', () => {
  const plan = (values: FieldValues = {}) =>
    planned(
      quote({ customerid: facts().accounts.keys().next().value ?? '', ...values }),
      [line()],
      facts(),
      'quote',
    );
  const current = { customerId: String(plan().header['customerId']), externalDocumentNumber: 'Chairs' };

  it('is not written where nothing differs (D-112)', () => {
    const present = { ...current, currencyCode: 'GBP', discountAmount: 0, validUntilDate: '0001-01-01' };
    expect(headerRewrite(plan(), present, 'GBP')).toEqual({ values: {}, linesFirst: false });
  });

  it('takes back date, discount and currency that the revision does not have (D-112, D-113)', () => {
    const present = { ...current, currencyCode: 'EUR', discountAmount: 9, validUntilDate: '2026-05-01' };
    expect(headerRewrite(plan(), present, 'GBP')).toEqual({
      values: { currencyCode: 'GBP', validUntilDate: '0001-01-01', discountAmount: 0 },
      linesFirst: true,
    });
  });

  it('goes behind the removal of the lines when the customer is another one (D-112)', () => {
    const present = { ...current, customerId: 'another', currencyCode: 'GBP' };
    const { values, linesFirst } = headerRewrite(plan({ name: 'Tables' }), present, 'GBP');
    expect(linesFirst).toBe(true);
    expect(values).toEqual({ customerId: current.customerId, externalDocumentNumber: 'Tables' });
  });
});

describe('codes of quotes', () => {
  it('are those of orders with their own prefix, and the two of won quotes (D-116, D-110)', () => {
    const codes = documentProblemCatalog().map(({ code }) => code);
    const ofOrders = codes.filter((code) => code.startsWith('ORDER_') && code !== 'ORDER_NOT_SUBMITTED');
    expect(ofOrders.length).toBeGreaterThan(15);
    expect(codes).toEqual(expect.arrayContaining(ofOrders.map((code) => code.replace('ORDER_', 'QUOTE_'))));
    expect(codes).toEqual(expect.arrayContaining(['QUOTE_ORDER_MISSING', 'QUOTE_TO_ORDER_FAILED']));
  });
});
