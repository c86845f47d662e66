/** Activated quotes become quotes in Business Central by the job AUTO PROCESS SALES QUOTES (documents.md section 9). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { couple, goodsLine, type OrdersWorld, writeInLine } from './ordersWorld.ts';
import {
  activate,
  activeQuote,
  addLine,
  draftQuote,
  processQuotesOf,
  quoteCouplings,
  quoteLines,
  quotesNamed,
  revise,
  startQuotesWorld,
} from './quotesWorld.ts';

let world: OrdersWorld;
beforeEach(async () => {
  world = await startQuotesWorld();
});
afterEach(() => world.close());

const validUntil = '2026-06-30';

describe('an activated quote', () => {
  it('becomes one quote with header, lines, freight and discount, and is coupled without a stamp (D-107, D-109, D-113, D-115)', async () => {
    const lines = [goodsLine(world), writeInLine()];
    const amounts = { freightamount: 45, discountamount: 30 };
    const texts = { effectiveto: validUntil, billto_line1: 'Main Street 1', shipto_city: 'Leeds' };
    const id = activeQuote(world, 'First', lines, { ...amounts, ...texts });
    const before = world.dataverse.row('quote', id);
    const [row] = await processQuotesOf(world);
    expect(await world.openErrors()).toEqual([]);
    expect(row).toMatchObject({ counts: { inserted: 1, failed: 0 }, direction: 'toBusinessCentral' });
    expect(quotesNamed(world)).toMatchObject([
      {
        ...{ externalDocumentNumber: 'FIRST', customerNumber: world.customerNumber, status: 'Draft' },
        ...{ validUntilDate: validUntil, billToAddressLine1: 'Main Street 1', shipToCity: 'Leeds' },
        discountAmount: 30,
      },
    ]);
    expect(quoteLines(world)).toMatchObject([
      { sequence: 10000, lineType: 'Item', lineObjectNumber: 'CHAIR', quantity: 2, unitPrice: 80 },
      { sequence: 20000, lineObjectNumber: 'WORK', description: 'Assembly', quantity: 1, unitPrice: 120 },
      { sequence: 30000, lineType: 'Account', lineObjectNumber: '6110', quantity: 1, unitPrice: 45 },
    ]);
    expect(world.dataverse.row('quote', id)).toEqual(before);
    expect(await quoteCouplings(world)).toMatchObject([
      { dataverseId: id, businessCentralName: quotesNamed(world)[0]?.['number'], state: 'synchronized' },
    ]);
  });

  it('keeps a text that equals the name of the item as a comment line, and sends prices as they are (D-114)', async () => {
    const [item] = world.businessCentral.records('items').filter(({ number }) => number === 'CHAIR');
    world.businessCentral.edit('items', String(item?.['id']), { priceIncludesTax: true });
    activeQuote(world, 'Text', [goodsLine(world, { description: 'Chair' })]);
    await processQuotesOf(world);
    expect(quoteLines(world)).toMatchObject([
      { sequence: 10000, description: 'Chair', unitPrice: 80 },
      { sequence: 20000, lineType: 'Comment', description: 'Chair' },
    ]);
  });

  it('that is coupled is left alone, as are drafts, closed quotes and quotes of another company (D-107 to D-109)', async () => {
    const other = world.dataverse.create(
      'bcbi_company',
      { bcbi_externalid: 'aaaaaaaa-0000-4000-8000-000000000001', bcbi_name: 'Other' },
      'alice',
    );
    const theirs = { 'bcbi_CompanyId@odata.bind': `/bcbi_companies(${other['bcbi_companyid']})` };
    activeQuote(world, 'Once', [goodsLine(world)]);
    draftQuote(world, 'Draft', [goodsLine(world)]);
    activeQuote(world, 'Theirs', [goodsLine(world)], theirs);
    const lost = activeQuote(world, 'Lost', [goodsLine(world)]);
    world.dataverse.closeQuote(lost, 5, 'alice');
    await processQuotesOf(world);
    expect(quotesNamed(world)).toMatchObject([{ externalDocumentNumber: 'ONCE' }]);
    await world.advanceMinutes(1);
    const [row] = await processQuotesOf(world);
    expect(row).toMatchObject({ counts: { inserted: 0, failed: 0 } });
    expect(quotesNamed(world)).toHaveLength(1);
    expect(await world.openErrors()).toEqual([]);
  });

  it('that was deleted in Business Central is not created again (D-109)', async () => {
    activeQuote(world, 'Gone', [goodsLine(world)]);
    await processQuotesOf(world);
    world.businessCentral.remove('salesQuotes', String(quotesNamed(world)[0]?.['id']));
    await processQuotesOf(world);
    expect(quotesNamed(world)).toEqual([]);
  });

  it('is taken by a run after those that were activated while the job was off (D-107)', async () => {
    activeQuote(world, 'Early', [goodsLine(world)]);
    await world.advanceMinutes(60 * 24);
    activeQuote(world, 'Late', [goodsLine(world)]);
    await processQuotesOf(world);
    expect(quotesNamed(world)).toHaveLength(2);
  });
});

describe('a revision', () => {
  it('is written over the quote of the one before and takes its coupling (D-109, D-112, D-117)', async () => {
    const lines = [goodsLine(world), writeInLine()];
    const first = activeQuote(world, 'Deal', lines, { discountamount: 30, effectiveto: validUntil });
    await processQuotesOf(world);
    const [quote] = quotesNamed(world);
    const second = revise(world, first);
    for (const line of world.dataverse.rows('quotedetail')) {
      if (line['_quoteid_value'] === second && line['productdescription'] !== 'Assembly')
        world.dataverse.remove('quotedetail', String(line['quotedetailid']), 'alice');
    }
    addLine(world, second, goodsLine(world, { quantity: 7 }));
    world.dataverse.edit(
      'quote',
      second,
      { name: 'Better deal', discountamount: null, effectiveto: null },
      'alice',
    );
    await processQuotesOf(world);
    expect(quoteLines(world)).toHaveLength(2);
    activate(world, second);
    const [row] = await processQuotesOf(world);
    expect(await world.openErrors()).toEqual([]);
    expect(row).toMatchObject({ counts: { inserted: 0, modified: 1, failed: 0 } });
    expect(quotesNamed(world)).toMatchObject([
      {
        ...{ id: quote?.['id'], number: quote?.['number'], externalDocumentNumber: 'BETTER DEAL' },
        ...{ discountAmount: 0, validUntilDate: '0001-01-01' },
      },
    ]);
    expect(quoteLines(world)).toMatchObject([
      { sequence: 10000, lineObjectNumber: 'WORK', quantity: 1 },
      { sequence: 20000, lineObjectNumber: 'CHAIR', quantity: 7 },
    ]);
    expect(await quoteCouplings(world)).toMatchObject([
      { dataverseId: second, businessCentralId: quote?.['id'] },
    ]);
  });

  it('gives the quote another customer, which Business Central allows without lines alone (D-112)', async () => {
    const first = activeQuote(world, 'Move', [goodsLine(world)]);
    await processQuotesOf(world);
    const other = world.dataverse.create('account', { name: 'Fabrikam', customertypecode: 3 }, 'alice');
    const customer = world.businessCentral.create('customers', { displayName: 'Fabrikam' } as never);
    await couple(world, 'CUSTOMER', String(customer['id']), String(other['accountid']));
    const second = revise(world, first);
    const bind = { 'customerid_account@odata.bind': `/accounts(${other['accountid']})` };
    world.dataverse.edit('quote', second, bind, 'alice');
    activate(world, second);
    await processQuotesOf(world);
    expect(await world.openErrors()).toEqual([]);
    expect(quotesNamed(world)).toMatchObject([{ customerName: 'Fabrikam' }]);
    expect(quoteLines(world)).toMatchObject([{ lineObjectNumber: 'CHAIR', quantity: 2 }]);
  });

  it('of more lines than fit into a batch is written over all the same (D-112)', async () => {
    const many = (quantity: number) =>
      Array.from({ length: 60 }, () => goodsLine(world, { quantity, priceperunit: 1 }));
    const first = activeQuote(world, 'Long', many(1));
    await processQuotesOf(world);
    const second = revise(world, first);
    activate(world, second);
    await processQuotesOf(world);
    expect(await world.openErrors()).toEqual([]);
    expect(quoteLines(world)).toHaveLength(60);
    expect(await quoteCouplings(world)).toMatchObject([{ dataverseId: second }]);
  });

  it('of a quote that never came to Business Central is created (D-109)', async () => {
    const first = activeQuote(world, 'New', [goodsLine(world)]);
    const second = revise(world, first);
    activate(world, second);
    const [row] = await processQuotesOf(world);
    expect(row).toMatchObject({ counts: { inserted: 1 } });
    expect(await quoteCouplings(world)).toMatchObject([{ dataverseId: second }]);
  });

  it('of a quote that was deleted in Business Central is created, and the next one follows on it (D-109, D-120)', async () => {
    const first = activeQuote(world, 'Again', [goodsLine(world)]);
    await processQuotesOf(world);
    world.businessCentral.remove('salesQuotes', String(quotesNamed(world)[0]?.['id']));
    const second = revise(world, first);
    activate(world, second);
    await processQuotesOf(world);
    const [quote] = quotesNamed(world);
    const third = revise(world, second);
    activate(world, third);
    await processQuotesOf(world);
    expect(await world.openErrors()).toEqual([]);
    expect(quotesNamed(world)).toMatchObject([{ id: quote?.['id'] }]);
    expect(await quoteCouplings(world)).toContainEqual(
      expect.objectContaining({ dataverseId: third, businessCentralId: quote?.['id'] }),
    );
  });
});
