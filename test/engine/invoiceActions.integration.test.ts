/** What a user does with posted invoices: create one in Sales, see the plan, synchronise, and never lines alone (D-121, D-155). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callApi } from '../../functions/api/testing/callApi.ts';
import type { Composition } from '../../shared/composition/composition.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import {
  addInvoice,
  detailsOf,
  invoice,
  invoiceJob,
  invoiceVersions,
  itemLine,
  lineMapping,
  startInvoiceWorld,
} from './invoiceWorld.ts';
import type { World } from './world.ts';

let world: World;
let composition: Composition;
beforeEach(async () => {
  world = await startInvoiceWorld();
  const onPause = async () => {
    await world.drainQueue();
  };
  composition = memoryComposition({ ports: world.ports, onPause }).composition;
});
afterEach(() => world.close());

const post = (path: string, body: unknown) => callApi(composition, `POST /api/${path}`, { body });

describe('creating an invoice in Sales', () => {
  it('makes the one that was chosen with its lines, though the mapping is for coupled ones only (D-121)', async () => {
    const businessCentralId = addInvoice(world, 'INV-1', [itemLine(), itemLine({ number: '1001' })]);
    addInvoice(world, 'INV-2');
    const answer = await post('couplings?wait=true', {
      mapping: invoiceJob,
      businessCentralId,
      createNew: true,
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      ...{ accepted: 1, failed: 0, results: [{ code: 'created', businessCentralId }] },
      syncJobs: [{ mapping: invoiceJob, counts: { inserted: 1 } }],
    });
    expect(detailsOf(world, 'INV-1')).toHaveLength(2);
    expect(invoice(world, 'INV-2')).toBeUndefined();
    const again = await post('couplings?wait=true', {
      mapping: invoiceJob,
      businessCentralId,
      createNew: true,
    });
    expect(again.body).toMatchObject({ accepted: 0, results: [{ code: 'alreadyCoupled' }] });
    expect(world.dataverse.rows('invoice')).toHaveLength(1);
  });

  it('makes a new one for an invoice whose copy was deleted in Sales, with lines of its own (E-113)', async () => {
    const businessCentralId = addInvoice(world, 'INV-1');
    await world.run(invoiceJob, 'fullSync');
    const first = invoice(world, 'INV-1')?.['invoiceid'];
    world.dataverse.remove('invoice', String(first), 'alice');
    await post('couplings?wait=true', { mapping: invoiceJob, businessCentralId, createNew: true });
    expect(invoice(world, 'INV-1')?.['invoiceid']).not.toBe(first);
    expect(detailsOf(world, 'INV-1')).toHaveLength(1);
  });

  it('as a dry run tells what would be made and makes nothing, neither list nor price (P9)', async () => {
    const businessCentralId = addInvoice(world, 'INV-1');
    const before = invoiceVersions(world);
    const answer = await post('couplings?dryRun=true', {
      mapping: invoiceJob,
      businessCentralId,
      createNew: true,
    });
    expect(answer.body).toMatchObject({ actions: [{ mapping: invoiceJob, kind: 'insert' }] });
    expect(invoiceVersions(world)).toEqual(before);
  });
});

describe('lines alone', () => {
  it.each([
    ['table-mappings/POSTEDSALESLINE-INV/synchronize', { mode: 'modified' }],
    ['table-mappings/POSTEDSALESLINE-INV/match', {}],
  ])('are not synchronised by %s (D-121, E-156)', async (path, body) => {
    const answer = await post(path, body);
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'only-lines-not-allowed' } } });
  });

  it('are neither coupled, nor made, nor compared (D-121)', async () => {
    addInvoice(world, 'INV-1');
    const [line] = world.businessCentral.records('postedSalesInvoiceLines');
    const businessCentralId = line?.['id'];
    const created = await post('couplings', { mapping: lineMapping, businessCentralId, createNew: true });
    expect(created).toMatchObject({ status: 409, body: { error: { code: 'only-lines-not-allowed' } } });
    const compared = await callApi(composition, `GET /api/reconciliation?mapping=${lineMapping}`);
    expect(compared.status).toBe(409);
  });

  it('end a run of their mapping, and are no line of the full synchronisation (E-156, E-137)', async () => {
    await world.run(lineMapping);
    expect(world.events.map(({ details }) => details['code'])).toContain('only-lines-not-allowed');
    const review = await callApi(composition, 'GET /api/full-sync');
    const names = (review.body as { value: { mapping: string }[] }).value.map(({ mapping }) => mapping);
    expect(names).toContain(invoiceJob);
    expect(names).not.toContain(lineMapping);
  });
});

describe('an invoice with more lines than fit into one transaction', () => {
  it('gets the rest of them, its totals and its state right afterwards, all of it before it is coupled', async () => {
    const many = 455;
    addInvoice(
      world,
      'LONG',
      Array.from({ length: many }, () => itemLine()),
      { remainingAmount: 0 },
    );
    await world.run(invoiceJob, 'fullSync');
    expect(await world.openErrors()).toEqual([]);
    expect(detailsOf(world, 'LONG')).toHaveLength(many);
    expect(invoice(world, 'LONG')).toMatchObject({
      totalamount: many * 25,
      statecode: 2,
      statuscode: 100001,
    });
  });
});

describe('requests of new invoices', () => {
  it('depend on pages and batches, not on how many invoices there are (P10)', async () => {
    const sent = async (count: number, name: string) => {
      for (let number = 0; number < count; number += 1) addInvoice(world, `${name}${number}`);
      const [row] = await world.run(invoiceJob, 'fullSync');
      expect(row?.counts).toMatchObject({ inserted: count, failed: 0 });
      return row?.requests;
    };
    // From the second full run on, deletions are looked for, too.
    await sent(1, 'FIRST');
    const few = await sent(2, 'A');
    const more = await sent(20, 'B');
    expect(more?.businessCentral).toBe(few?.businessCentral);
    // Twenty change sets of five requests are one batch of a hundred.
    expect((more?.dataverse ?? 0) - (few?.dataverse ?? 0)).toBeLessThanOrEqual(1);
  });
});
