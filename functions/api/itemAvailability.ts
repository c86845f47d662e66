/** Availability of items for the product form of Sales (ST-39 to ST-42). */
import { z } from 'zod';
import { readAvailability } from '../../shared/app/availability/readAvailability.ts';
import { dataverseId } from '../../shared/domain/common/ids.ts';
import { instant, named } from '../http/answerSchema.ts';
import { badRequest, notFound } from '../http/apiError.ts';
import { type Endpoint, endpoint, ok } from '../http/endpoint.ts';
import { guidParameter } from '../http/input.ts';

const longestNumber = 20;

/** Stock of an item, read from Business Central at that moment (ST-41). */
const availability = named(
  'ItemAvailability',
  z.strictObject({
    itemNumber: z.string(),
    baseUnit: z.string(),
    inventory: z.number().min(0),
    asOf: instant,
  }),
);

/** Works whether or not ITEM_AVAILABILITY is set: that setting is about the job (ST-32). */
const read = endpoint({
  name: 'item-availability-read',
  method: 'GET',
  route: 'api/item-availability',
  role: 'ItemAvailability.Read',
  query: {
    dataverseProductId: guidParameter(dataverseId).exactOptional(),
    itemNumber: z
      .string()
      .trim()
      .min(1, 'must not be empty')
      .max(longestNumber, `must have at most ${longestNumber} characters`)
      .exactOptional(),
  },
  answers: { 200: availability },
  handle: async (app, { query }) => {
    const { dataverseProductId, itemNumber } = query;
    const given = [dataverseProductId, itemNumber].filter((value) => value !== undefined);
    if (given.length !== 1) throw oneOfTwo();
    const { ports } = await app.open();
    const question =
      dataverseProductId === undefined ? { itemNumber: itemNumber ?? '' } : { dataverseProductId };
    const found = await readAvailability(ports, question);
    if (found) return ok(found);
    const target = dataverseProductId === undefined ? 'itemNumber' : 'dataverseProductId';
    throw notFound('item-not-coupled', 'No coupled item has this number or product.', target);
  },
});

function oneOfTwo() {
  const message = 'must be given, and not both: dataverseProductId or itemNumber';
  return badRequest([{ code: 'invalid-value', message, target: 'dataverseProductId or itemNumber' }]);
}

/** Reading availability. */
export const itemAvailabilityEndpoints: readonly Endpoint[] = [read];
