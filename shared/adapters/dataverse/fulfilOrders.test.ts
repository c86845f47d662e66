/** FulfillSalesOrder, whichever way the service binds it (D-17). */
import { describe, expect, it } from 'vitest';
import { dataverseId } from '../../domain/common/ids.ts';
import { errorAnswer, type FakeAnswer, fakeDataverse, type SeenRequest } from './testing/fakeDataverse.ts';

const bound = 'salesorders/Microsoft.Dynamics.CRM.FulfillSalesOrder';
const unbound = 'FulfillSalesOrder';
const ids = [1, 2].map((number) => dataverseId(`0000000${number}-0000-4000-8000-000000000000`));
const gone: FakeAnswer = errorAnswer(404, '0x80040217');

/** An organisation that answers at one address only. */
function organisation(
  address: string,
  answer: (request: SeenRequest) => FakeAnswer = () => ({ status: 204 }),
) {
  return fakeDataverse({
    answer: (request) => (request.target === address ? answer(request) : errorAnswer(404, '0x80060888')),
  });
}

describe('fulfilling orders', () => {
  it.each([bound, unbound])(
    'finds the action at %s, and goes there at once afterwards (D-17)',
    async (address) => {
      const fake = organisation(address);
      expect(await fake.dataverse.fulfilOrders(ids)).toEqual([{ status: 'done' }, { status: 'done' }]);
      const before = fake.parts.length;
      expect(await fake.dataverse.fulfilOrders(ids)).toEqual([{ status: 'done' }, { status: 'done' }]);
      expect(fake.parts.slice(before).every(({ target }) => target === address)).toBe(true);
    },
  );

  it.each([bound, unbound])(
    'sends an order that is gone to no other address than %s (D-17)',
    async (address) => {
      const fake = organisation(address, ({ body }) =>
        body.includes(ids[0] ?? '') ? gone : { status: 204 },
      );
      expect(await fake.dataverse.fulfilOrders(ids)).toEqual([{ status: 'missing' }, { status: 'done' }]);
      const sent = fake.parts.filter(({ target }) => target === address);
      expect(sent).toHaveLength(2);
    },
  );

  it('is refused where the organisation has no such action', async () => {
    const fake = organisation('nowhere');
    expect(await fake.dataverse.fulfilOrders(ids)).toMatchObject([
      { status: 'refused', problem: { kind: 'config' } },
      { status: 'refused' },
    ]);
  });
});
