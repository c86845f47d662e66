/** The writes that carry values to a document whose state forbids edits (D-20). */
import { describe, expect, it } from 'vitest';
import { dataverseId } from '../common/ids.ts';
import { progressOf } from './orderProgress.ts';
import { stateSteps } from './stateSteps.ts';

const id = dataverseId('00000000-0000-4000-8000-000000000001');
const editable = { statecode: 0, statuscode: 2 };

function steps(statecode: number, statuscode: number, values: Readonly<Record<string, string | number>>) {
  const row = {
    id,
    etag: 'W/"1"',
    modifiedAt: '2026-01-01T00:00:00.000Z',
    modifiedBy: null,
    values: { statecode, statuscode },
    lookupTables: {},
  };
  return stateSteps(row as unknown as Parameters<typeof stateSteps>[0], values, { editable });
}

describe('the steps of a write', () => {
  it('open a submitted order, write its fields and submit it again as it was (D-18, D-20)', () => {
    expect(steps(1, 3, { name: 'A' })).toMatchObject({
      open: editable,
      fields: { name: 'A' },
      close: { statecode: 1, statuscode: 3 },
    });
  });

  it('end in the state among the values, in a write of its own (D-73)', () => {
    expect(steps(1, 3, { name: 'A', statecode: 4, statuscode: 100003 })).toMatchObject({
      open: editable,
      fields: { name: 'A' },
      close: { statecode: 4, statuscode: 100003 },
    });
  });

  it('are one for a change of the state alone (D-79)', () => {
    const values = { statecode: 4, statuscode: 100003 };
    expect(steps(1, 3, values)).toMatchObject({ open: null, fields: null, close: values });
  });

  it('need not open an order that is active', () => {
    expect(steps(0, 1, { name: 'A' })).toMatchObject({ open: null, fields: { name: 'A' }, close: null });
  });

  it('leave an order open that is to be active (D-96)', () => {
    const values = { statecode: 0, statuscode: 2, lastbackofficesubmit: '' };
    expect(steps(1, 3, values)).toMatchObject({ open: editable, close: null });
    expect(steps(0, 1, values)).toMatchObject({ open: null, close: editable });
  });
});

describe('an order', () => {
  const line = (quantity: number, shippedQuantity: number, invoicedQuantity: number) => {
    return { quantity, shippedQuantity, invoicedQuantity };
  };

  it.each([
    ['nothing shipped', [line(2, 0, 0)], false, false],
    ['one line shipped', [line(2, 2, 0), line(1, 0, 0)], false, false],
    ['all shipped', [line(2, 2, 0)], true, false],
    ['all shipped, one line invoiced', [line(2, 2, 2), line(1, 1, 0)], true, false],
    ['all shipped and invoiced, with a comment', [line(2, 2, 2), line(0, 0, 0)], true, true],
    ['no lines', [], false, false],
    ['comments only', [line(0, 0, 0)], false, false],
  ])('with %s is shipped and invoiced accordingly (D-73, D-94)', (_what, lines, isShipped, isInvoiced) => {
    expect(progressOf(lines)).toEqual({ isShipped, isInvoiced, lineDiscount: 0 });
  });
});
