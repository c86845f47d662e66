/** What a run of the job of quotes costs in requests (D-107, D-110, P10). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goodsLine, type OrdersWorld } from './ordersWorld.ts';
import { activeQuote, orderOf, processQuotesOf, startQuotesWorld, win } from './quotesWorld.ts';

let world: OrdersWorld;
beforeEach(async () => {
  world = await startQuotesWorld();
});
afterEach(() => world.close());

describe('requests', () => {
  it('of a run with nothing to do are one, however many quotes were won long ago (D-107, D-110)', async () => {
    for (let index = 0; index < 30; index += 1) {
      const id = activeQuote(world, `Old ${index}`, [goodsLine(world)]);
      win(world, id);
      orderOf(world, id, [goodsLine(world)]);
    }
    await processQuotesOf(world);
    await world.advanceMinutes(30);
    const [row] = await processQuotesOf(world);
    expect(row?.requests).toEqual({ businessCentral: 0, dataverse: 1 });
    await world.advanceMinutes(120);
    const [later] = await processQuotesOf(world);
    expect(later?.requests).toEqual({ businessCentral: 0, dataverse: 1 });
  });

  it('do not grow with the number of quotes (D-107)', async () => {
    const cost = async (count: number) => {
      for (let index = 0; index < count; index += 1)
        activeQuote(world, `${count} ${index}`, [goodsLine(world)]);
      const [row] = await processQuotesOf(world);
      expect(row).toMatchObject({ counts: { inserted: count } });
      return row?.requests;
    };
    await cost(1);
    await world.advanceMinutes(10);
    const few = await cost(3);
    await world.advanceMinutes(10);
    expect(await cost(40)).toEqual(few);
  });
});
