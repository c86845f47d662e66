/** Lines of archived orders, whatever the page calls them (D-95). */
import { describe, expect, it } from 'vitest';
import { row } from '../../../test/builders/records.ts';
import { archivedLine, archiveLinePage, detailWork } from './archivedLines.ts';

const archive = { id: 'A1', number: "SO'1", docNoOccurrence: 2, versionNumber: 3 };

describe('the page of archived lines', () => {
  it('may name a version by its id (D-95)', () => {
    const page = archiveLinePage(new Set(['documentId', 'sequence', 'lineType', 'quantity', 'netAmount']));
    expect(page?.filterOf(archive)).toBe('documentId eq A1');
    expect(page?.isOf({ documentId: 'a1' }, archive)).toBe(true);
    expect(page && archivedLine(page, { sequence: 10000, netAmount: 5 })).toMatchObject({
      ...{ sequence: 10000, netAmount: 5, quantity: null },
    });
  });

  it('may name it by number, occurrence and version, and properties as the table does (D-95)', () => {
    const shown = ['documentNo', 'docNoOccurrence', 'versionNumber', 'lineNo', 'type', 'quantity'];
    const page = archiveLinePage(new Set([...shown, 'quantityShipped']));
    expect(page?.filterOf(archive)).toBe(
      "documentNo eq 'SO''1' and docNoOccurrence eq 2 and versionNumber eq 3",
    );
    const line = {
      documentNo: "SO'1",
      docNoOccurrence: 2,
      versionNumber: 3,
      lineNo: 20000,
      quantityShipped: 1,
    };
    expect(page?.isOf(line, archive)).toBe(true);
    expect(page?.isOf({ ...line, versionNumber: 2 }, archive)).toBe(false);
    expect(page && archivedLine(page, line)).toMatchObject({ sequence: 20000, shippedQuantity: 1 });
  });

  it('is not used where it does not tell whose the lines are (D-95)', () => {
    expect(archiveLinePage(new Set(['sequence', 'lineType', 'quantity']))).toBeNull();
    expect(archiveLinePage(new Set(['documentId', 'quantity']))).toBeNull();
    expect(archiveLinePage(new Set())).toBeNull();
  });
});

describe('the details of the Sales order', () => {
  const detail = (number: number | null, values = {}) =>
    row(
      { bcbi_businesscentrallinenumber: number, quantity: 2, manualdiscountamount: null, ...values },
      (number ?? 0) / 10000 + 1,
    );

  it('change only where they differ, and in what the page shows (D-95)', () => {
    const lines = [
      { sequence: 10000, lineType: 'Item', quantity: 2, discountAmount: 0 },
      { sequence: 20000, lineType: 'Item', quantity: 4, discountAmount: 1.5 },
    ];
    const { updates, missing, doomed } = detailWork(lines, [detail(10000), detail(20000)], () => true);
    expect(updates.map(({ values }) => values)).toEqual([{ quantity: 4, manualdiscountamount: 1.5 }]);
    expect([missing, doomed]).toEqual([[], []]);
  });

  it('go where they were coupled and have no line, unless the archive has none at all (D-95, P9)', () => {
    const details = [detail(10000), detail(20000), detail(null)];
    const isCoupled = (each: (typeof details)[number]) => each !== details[2];
    const line = { sequence: 10000, lineType: 'Item', quantity: 2 };
    expect(detailWork([line], details, isCoupled).doomed).toEqual([details[1]]);
    expect(detailWork([], details, isCoupled).doomed).toEqual([]);
  });

  it('are made for products only (D-82, D-95)', () => {
    const lines = [
      { sequence: 10000, lineType: 'Comment', quantity: 0 },
      { sequence: 20000, lineType: 'Resource', quantity: 1 },
    ];
    expect(detailWork(lines, [], () => false).missing).toEqual([lines[1]]);
  });
});
