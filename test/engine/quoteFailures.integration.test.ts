/** Failures of quotes: one never holds up another, all are told and close themselves, and lost answers make no second quote. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { intercept, once } from './intercept.ts';
import { couple, goodsLine, type OrdersWorld, ordersNamed } from './ordersWorld.ts';
import {
  activate,
  activeQuote,
  doneMarks,
  orderOf,
  processQuotesOf,
  quoteCouplings,
  quoteLines,
  quotesJob,
  quotesNamed,
  revise,
  startQuotesWorld,
  win,
} from './quotesWorld.ts';

let world: OrdersWorld;
beforeEach(async () => {
  world = await startQuotesWorld();
});
afterEach(() => world.close());

const lost = { status: 'unknown', message: 'The connection was lost.' } as const;

/** Ports whose first create is carried out and loses its answers. */
function losingCreates(): SyncPorts {
  const state = { left: 1 };
  const businessCentral = intercept(world.ports.businessCentral, {
    create: (original) =>
      once(
        original,
        async (call, ...input) => {
          await call(...input);
          return input[1].map(() => lost);
        },
        state,
      ),
  });
  return { ...world.ports, businessCentral };
}

/** Ports whose first rewriting is carried out and loses its answers. */
function losingRewrites(): SyncPorts {
  const state = { left: 1 };
  const businessCentral = intercept(world.ports.businessCentral, {
    rewriteDocuments: (original) =>
      once(
        original,
        async (call, ...input) => {
          await call(...input);
          return input[2].map(() => lost);
        },
        state,
      ),
  });
  return { ...world.ports, businessCentral };
}

function strangeAccount(): string {
  const account = world.dataverse.create('account', { name: 'Fabrikam', customertypecode: 3 }, 'alice');
  return String(account['accountid']);
}

const boundTo = (account: string) => ({ 'customerid_account@odata.bind': `/accounts(${account})` });

describe('a quote that cannot be made', () => {
  it('holds up no other, is told with code, number and name, and closes its error by itself (D-107, D-116)', async () => {
    const account = strangeAccount();
    const bad = activeQuote(world, 'Bad', [goodsLine(world)], boundTo(account));
    activeQuote(world, 'Good', [goodsLine(world)]);
    const [row] = await processQuotesOf(world);
    expect(row).toMatchObject({ counts: { inserted: 1, failed: 1 } });
    expect(quotesNamed(world)).toMatchObject([{ externalDocumentNumber: 'GOOD' }]);
    const number = String(world.dataverse.row('quote', bad)?.['quotenumber']);
    expect(await world.openErrors()).toMatchObject([
      { code: 'QUOTE_CUSTOMER_NOT_COUPLED', name: `${number} Bad`, dataverseId: bad, syncJobId: row?.id },
    ]);
    await world.advanceMinutes(30);
    const [again] = await processQuotesOf(world);
    expect(again).toMatchObject({ counts: { inserted: 0, failed: 0, skipped: 1 } });
    const customer = world.businessCentral.create('customers', { displayName: 'Fabrikam' } as never);
    await couple(world, 'CUSTOMER', String(customer['id']), account);
    await processQuotesOf(world);
    expect(quotesNamed(world)).toHaveLength(2);
    expect(await world.openErrors()).toEqual([]);
  });

  it.each([
    ['an account that is no customer', { customertypecode: 1 }, {}, 'QUOTE_ACCOUNT_NOT_CUSTOMER'],
    ['a freight amount without lines', {}, { freightamount: 5 }, 'QUOTE_FREIGHT_NO_LINES'],
  ])('because of %s has a code of quotes (D-116)', async (_what, change, more, code) => {
    if (Object.keys(change).length > 0) world.dataverse.edit('account', world.account, change, 'alice');
    activeQuote(world, 'Bad', [], more);
    await processQuotesOf(world);
    expect(await world.openErrors()).toMatchObject([{ code }]);
    expect(quotesNamed(world)).toEqual([]);
  });

  it('closes its error when it is closed in Sales instead (D-107)', async () => {
    const bad = activeQuote(world, 'Bad', [goodsLine(world)], boundTo(strangeAccount()));
    await processQuotesOf(world);
    expect(await world.openErrors()).toHaveLength(1);
    world.dataverse.closeQuote(bad, 5, 'alice');
    await processQuotesOf(world);
    expect(await world.openErrors()).toEqual([]);
    expect(await world.ports.retries.list(quotesJob as never)).toEqual([]);
  });

  it('because Business Central refuses it is sent again by the next run (D-107)', async () => {
    const [customer] = world.businessCentral.records('customers');
    world.businessCentral.edit('customers', String(customer?.['id']), { blocked: 'All' } as never);
    activeQuote(world, 'Blocked', [goodsLine(world)]);
    await processQuotesOf(world);
    expect(await world.openErrors()).toMatchObject([{ code: 'insert-failed' }]);
    expect(await world.ports.couplings.intents('SALESQUOTE-QUOTE' as never)).toEqual([]);
    world.businessCentral.edit('customers', String(customer?.['id']), { blocked: ' ' } as never);
    await processQuotesOf(world);
    expect(await world.openErrors()).toEqual([]);
    expect(quotesNamed(world)).toHaveLength(1);
  });

  it('in one of many pages does not stop those behind it when the time slice is over (D-107)', async () => {
    await world.close();
    world = await startQuotesWorld({ sliceMs: 0, pageSize: 2 });
    activeQuote(world, 'Bad', [goodsLine(world)], boundTo(strangeAccount()));
    for (const name of ['A', 'B', 'C', 'D', 'E']) activeQuote(world, name, [goodsLine(world)]);
    const runId = world.ports.ids.runId(world.ports.clock.now());
    for (let slice = 0; slice < 4; slice += 1) await processQuotesOf(world, world.ports, runId);
    expect(quotesNamed(world)).toHaveLength(5);
    expect(await world.openErrors()).toMatchObject([{ code: 'QUOTE_CUSTOMER_NOT_COUPLED' }]);
  });
});

describe('an answer that is lost', () => {
  it('to a create makes no second quote: the next run finds the first and couples it (D-120)', async () => {
    activeQuote(world, 'Lost', [goodsLine(world)], { discountamount: 10 });
    await processQuotesOf(world, losingCreates());
    expect(await world.openErrors()).toMatchObject([{ code: 'outcome-unknown' }]);
    expect(quotesNamed(world)).toHaveLength(1);
    await processQuotesOf(world);
    expect(quotesNamed(world)).toMatchObject([{ discountAmount: 10 }]);
    expect(await quoteCouplings(world)).toHaveLength(1);
    expect(await world.openErrors()).toEqual([]);
  });

  it('to a create of a quote that was revised meanwhile: the revision is written over what is found (D-109, D-120)', async () => {
    const first = activeQuote(world, 'Moving', [goodsLine(world)]);
    await processQuotesOf(world, losingCreates());
    const second = revise(world, first);
    activate(world, second);
    await processQuotesOf(world);
    expect(quotesNamed(world)).toHaveLength(1);
    expect(await quoteCouplings(world)).toMatchObject([{ dataverseId: second }]);
    expect(await world.ports.couplings.intents('SALESQUOTE-QUOTE' as never)).toEqual([]);
    expect(await world.openErrors()).toEqual([]);
  });

  it('to a create that never arrived, of a quote that was lost meanwhile, creates nothing (D-120)', async () => {
    const id = activeQuote(world, 'Nothing', [goodsLine(world)]);
    const businessCentral = intercept(world.ports.businessCentral, {
      create: () => async (_selection, inserts) => inserts.map(() => lost),
    });
    await processQuotesOf(world, { ...world.ports, businessCentral });
    world.dataverse.closeQuote(id, 5, 'alice');
    await processQuotesOf(world);
    expect(quotesNamed(world)).toEqual([]);
    expect(await world.ports.couplings.intents('SALESQUOTE-QUOTE' as never)).toEqual([]);
    expect(await world.openErrors()).toEqual([]);
  });

  it('that leaves two quotes to choose from is told, and a revision waits for it (D-69, D-109, D-116)', async () => {
    const first = activeQuote(world, 'Twice', [goodsLine(world)]);
    await processQuotesOf(world, losingCreates());
    const { customerNumber } = world;
    world.businessCentral.create('salesQuotes', { customerNumber, externalDocumentNumber: 'TWICE' } as never);
    await processQuotesOf(world);
    expect(await world.openErrors()).toMatchObject([{ code: 'QUOTE_AMBIGUOUS_RECOVERY' }]);
    const second = revise(world, first);
    activate(world, second);
    await processQuotesOf(world);
    expect(quotesNamed(world)).toHaveLength(2);
    expect(await quoteCouplings(world)).toEqual([]);
    const empty = quotesNamed(world).find(({ totalAmountExcludingTax }) => totalAmountExcludingTax === 0);
    world.businessCentral.remove('salesQuotes', String(empty?.['id']));
    await processQuotesOf(world);
    expect(await world.openErrors()).toEqual([]);
    expect(await quoteCouplings(world)).toMatchObject([{ dataverseId: second }]);
  });

  it('to a revision writes it over once more, with the same lines (D-112, D-120)', async () => {
    const first = activeQuote(world, 'Over', [goodsLine(world)]);
    await processQuotesOf(world);
    const second = revise(world, first);
    activate(world, second);
    await processQuotesOf(world, losingRewrites());
    expect(await world.openErrors()).toMatchObject([{ code: 'outcome-unknown' }]);
    await processQuotesOf(world);
    expect(quoteLines(world)).toHaveLength(1);
    expect(await quoteCouplings(world)).toMatchObject([{ dataverseId: second }]);
    expect(await world.openErrors()).toEqual([]);
  });
});

describe('an order of a won quote that was open for its stamp when the host died', () => {
  it('is stamped, submitted and coupled by the next run, and the quote is done with it (D-21, D-110)', async () => {
    const quote = activeQuote(world, 'Open', [goodsLine(world)]);
    win(world, quote);
    const order = orderOf(world, quote, [goodsLine(world)]);
    const state = { left: 1 };
    const dataverse = intercept(world.ports.dataverse, {
      update: (original) => async (selection, updates) => {
        if (state.left === 0) throw new Error('the host went away');
        state.left -= 1;
        return original(selection, updates);
      },
    });
    await processQuotesOf(world, { ...world.ports, dataverse }).catch(() => undefined);
    expect(world.dataverse.row('salesorder', order)).toMatchObject({ statecode: 0 });
    await world.advanceMinutes(16);
    await processQuotesOf(world);
    expect(world.dataverse.row('salesorder', order)).toMatchObject({
      ...{ statecode: 1, statuscode: 3, lastbackofficesubmit: '2026-03-10' },
    });
    expect(ordersNamed(world)).toHaveLength(1);
    expect(await doneMarks(world)).toMatchObject([{ businessCentralId: ordersNamed(world)[0]?.['id'] }]);
  });
});

describe('a revision that was coupled by a host that died', () => {
  it('keeps no reservation behind (D-109, D-120)', async () => {
    const first = activeQuote(world, 'Taken over', [goodsLine(world)]);
    await processQuotesOf(world);
    activate(world, revise(world, first));
    const couplings = intercept(world.ports.couplings, {
      removeIntents: () => () => Promise.reject(new Error('the host went away')),
    });
    await processQuotesOf(world, { ...world.ports, couplings }).catch(() => undefined);
    const intents = () => world.ports.couplings.intents('SALESQUOTE-QUOTE' as never);
    expect(await intents()).toHaveLength(1);
    await world.advanceMinutes(16);
    await processQuotesOf(world);
    expect(await intents()).toEqual([]);
  });
});

describe('a revision that Business Central refuses', () => {
  it('leaves its quote as it was, and follows when it can (D-112, D-117)', async () => {
    const first = activeQuote(world, 'Kept', [goodsLine(world)]);
    await processQuotesOf(world);
    const before = quoteLines(world);
    const second = revise(world, first);
    activate(world, second);
    const [item] = world.businessCentral.records('items').filter(({ number }) => number === 'CHAIR');
    world.businessCentral.edit('items', String(item?.['id']), { blocked: true } as never);
    await processQuotesOf(world);
    expect(await world.openErrors()).toMatchObject([{ code: 'modify-failed', dataverseId: second }]);
    expect(quoteLines(world)).toEqual(before);
    expect(await quoteCouplings(world)).toMatchObject([{ dataverseId: first }]);
    world.businessCentral.edit('items', String(item?.['id']), { blocked: false } as never);
    await processQuotesOf(world);
    expect(await world.openErrors()).toEqual([]);
    expect(await quoteCouplings(world)).toMatchObject([{ dataverseId: second }]);
  });
});
