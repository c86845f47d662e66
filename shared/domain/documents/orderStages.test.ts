/** Which orders wait, what is left to be written, and how it is told (D-36, D-68 to D-71). */
import { describe, expect, it } from 'vitest';
import { line, order, planned } from '../../../test/builders/documents.ts';
import { guidOf } from '../../../test/builders/records.ts';
import type { DataverseRow } from '../common/records.ts';
import { noStamp } from '../sync/companyStamp.ts';
import { missingLines } from './completeDocument.ts';
import { documentProblemCatalog } from './documentProblems.ts';
import {
  endStateOf,
  isUnstamped,
  stampSteps,
  stampValues,
  submitted,
  waitingOrdersFilter,
} from './orderStages.ts';
import { plannedFields } from './plannedFields.ts';

describe('candidates', () => {
  it('are submitted orders that were never taken, of our company or nobody (D-36, D-150)', () => {
    const stamp = 'lastbackofficesubmit';
    const waiting = `statecode eq 1 and (${stamp} eq null or ${stamp} eq 1900-01-01)`;
    expect(waitingOrdersFilter(null)).toBe(waiting);
    const company = guidOf('c', 1) as DataverseRow['id'];
    const column = '_bcbi_companyid_value';
    expect(waitingOrdersFilter(company)).toBe(
      `${waiting} and (${column} eq ${company} or ${column} eq null)`,
    );
  });

  it.each([
    [null, true],
    ['1900-01-01', true],
    ['1900-01-01T00:00:00.000Z', true],
    ['1899-12-31', false],
    ['1900-01-02', false],
    ['2026-03-10', false],
  ])('with the stamp %s are taken: %s (D-36, D-66)', (lastbackofficesubmit, isTaken) => {
    expect(isUnstamped(order({ lastbackofficesubmit }))).toBe(isTaken);
  });
});

describe('an order that exists in part', () => {
  it('gets the lines whose numbers are missing, and keeps what users added (D-70)', () => {
    const { lines } = planned(order(), [line({}, 1), line({}, 2)]);
    const existing = [
      { id: 'l1', etag: 'e', values: { sequence: 10000 } },
      { id: 'l9', etag: 'e', values: { sequence: 15000 } },
    ];
    expect(missingLines(lines, existing).map(({ sequence }) => sequence)).toEqual([20000]);
  });
});

describe('the stamp', () => {
  const date = { lastbackofficesubmit: '2026-03-10' };
  it('is written between opening and submitting the order again (D-20, D-21, D-40)', () => {
    expect(stampSteps(order(), date, endStateOf(order()))).toEqual({ open: true, values: date, close: true });
    expect(stampSteps(order(), {}, submitted)).toEqual({ open: false, values: null, close: false });
  });

  it('repairs an order that was left open, and submits none that a user opened (D-21)', () => {
    const active = order({ statecode: 0 });
    expect(stampSteps(active, {}, submitted)).toEqual({ open: false, values: null, close: true });
    expect(stampSteps(active, date, null)).toEqual({ open: false, values: date, close: false });
  });

  it.each([2, 3, 4])('leaves an order in state %s alone', (statecode) => {
    expect(stampSteps(order({ statecode }), date, submitted)).toEqual({
      open: false,
      values: null,
      close: false,
    });
  });

  it('carries our company and the day, each where it is missing (D-40, D-146)', () => {
    const company = guidOf('c', 1) as DataverseRow['id'];
    const stamp = { ...noStamp, company };
    expect(stampValues(order(), stamp, '2026-03-10')).toEqual({
      bcbi_companyid: { table: 'bcbi_company', id: company },
      lastbackofficesubmit: '2026-03-10',
    });
    const stamped = order({ bcbi_companyid: company, lastbackofficesubmit: '2026-01-01' });
    expect(stampValues(stamped, stamp, '2026-03-10')).toEqual({});
  });
});

describe('the plan of an order', () => {
  it('names every value with the field it goes to and the column it comes from', () => {
    const plan = planned(
      order({
        shipto_city: 'Oslo',
        discountamount: 1,
        totallineitemamount: 160,
        totalamountlessfreight: 159,
      }),
    );
    const fields = plannedFields('order', plan);
    expect(fields).toContainEqual({
      businessCentralField: 'shipToCity',
      attribute: 'shipto_city',
      before: null,
      after: 'Oslo',
    });
    expect(fields).toContainEqual({
      businessCentralField: 'discountAmount',
      attribute: 'discountamount',
      before: null,
      after: 1,
    });
    expect(fields).toContainEqual({
      ...{ businessCentralField: 'salesOrderLines(10000)/unitPrice', attribute: 'priceperunit' },
      ...{ before: null, after: 80 },
    });
  });
});

describe('codes of documents', () => {
  it('are unique, and each tells what to do', () => {
    const entries = documentProblemCatalog();
    expect(new Set(entries.map(({ code }) => code)).size).toBe(entries.length);
    expect(entries.every(({ suggestion }) => suggestion.endsWith('.'))).toBe(true);
  });
});
