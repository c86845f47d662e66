/** Payments and cancellations reach Sales, though nothing but the invoice's amounts tells of them (D-132 to D-134). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renewInvoiceStates } from '../../shared/app/documents/invoiceStates.ts';
import { takeLease } from '../../shared/app/run/lease.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { couplingsOf } from './acting.ts';
import { intercept, once } from './intercept.ts';
import { addPostedInvoice, invoice, invoiceJob, invoiceVersions, startInvoiceWorld } from './invoiceWorld.ts';
import type { World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await startInvoiceWorld();
});
afterEach(() => world.close());

const states = {
  billed: { statecode: 0, statuscode: 4 },
  partial: { statecode: 2, statuscode: 100002 },
  complete: { statecode: 2, statuscode: 100001 },
  canceled: { statecode: 3, statuscode: 100003 },
};

function renew(ports: SyncPorts = world.ports) {
  const runId = ports.ids.runId(ports.clock.now());
  return renewInvoiceStates(ports, world.mappings, { runId, trigger: 'timer' });
}

/** An invoice of 25 in both systems; returns its number. */
async function coupledInvoice(): Promise<string> {
  const number = await addPostedInvoice(world);
  await world.run(invoiceJob, 'fullSync');
  await world.advanceMinutes(30);
  return number;
}

describe('renewing the states of invoices', () => {
  it('makes a partly paid invoice Partial and a paid one Complete, though no time moves (D-132, D-134)', async () => {
    const number = await coupledInvoice();
    expect(invoice(world, number)).toMatchObject(states.billed);
    world.businessCentral.payInvoice(number, 10);
    expect((await renew()).counts).toMatchObject({ modified: 1, failed: 0 });
    expect(invoice(world, number)).toMatchObject(states.partial);
    world.businessCentral.payInvoice(number, 15);
    expect((await renew()).counts).toMatchObject({ modified: 1, failed: 0 });
    expect(invoice(world, number)).toMatchObject(states.complete);
  });

  it('brings an invoice back to Billed when its payment is taken back (D-133)', async () => {
    const number = await coupledInvoice();
    world.businessCentral.payInvoice(number, 25);
    await renew();
    await world.advanceMinutes(30);
    world.businessCentral.payInvoice(number, -25);
    expect((await renew()).counts).toMatchObject({ modified: 1 });
    expect(invoice(world, number)).toMatchObject(states.billed);
  });

  it('cancels an invoice that was cancelled or corrected, also one that was paid before (D-133, D-134)', async () => {
    const number = await coupledInvoice();
    world.businessCentral.payInvoice(number, 25);
    await renew();
    await world.advanceMinutes(30);
    world.businessCentral.postCreditMemo(number);
    expect((await renew()).counts).toMatchObject({ modified: 1 });
    expect(invoice(world, number)).toMatchObject(states.canceled);
  });

  it('writes nothing and reads little when nothing was paid (P4, P10)', async () => {
    await coupledInvoice();
    await renew();
    const before = invoiceVersions(world);
    const sent = () => [
      world.businessCentral.requests.counts().total,
      world.dataverse.requests.counts().total,
    ];
    const [ours = 0, theirs = 0] = sent();
    expect(await renew()).toMatchObject({ status: 'done', counts: { unchanged: 1, modified: 0 } });
    const [oursAfter = 0, theirsAfter = 0] = sent();
    // Open invoices, and the changes of the buffer with those of them that are posted.
    expect([oursAfter - ours <= 3, theirsAfter - theirs]).toEqual([true, 0]);
    expect(invoiceVersions(world)).toEqual(before);
  });

  it('looks at coupled invoices only, and never makes one (D-133)', async () => {
    const number = await addPostedInvoice(world);
    world.businessCentral.payInvoice(number, 25);
    expect(await renew()).toMatchObject({ status: 'done', counts: { modified: 0, inserted: 0 } });
    expect(world.dataverse.rows('invoice')).toEqual([]);
  });

  it('leaves a state alone that a user set while nothing was paid (P1)', async () => {
    const number = await coupledInvoice();
    const id = String(invoice(world, number)?.['invoiceid']);
    world.dataverse.edit('invoice', id, states.canceled, 'alice');
    await renew();
    expect(invoice(world, number)).toMatchObject(states.canceled);
  });

  it('tells a second caller and one that meets a run of the invoices to come again', async () => {
    const number = await coupledInvoice();
    world.businessCentral.payInvoice(number, 25);
    await takeLease(world.ports, mappingName(invoiceJob), 'another run');
    expect((await renew()).status).toBe('busy');
    expect(invoice(world, number)).toMatchObject(states.billed);
    await world.advanceMinutes(16);
    expect(await renew()).toMatchObject({ status: 'done', counts: { modified: 1 } });
  });

  it('puts right what a host left behind between opening a paid invoice and closing it again (D-20, D-21)', async () => {
    const number = await coupledInvoice();
    world.businessCentral.payInvoice(number, 10);
    await renew();
    world.businessCentral.payInvoice(number, 15);
    const state = { left: 1 };
    const dataverse = intercept(world.ports.dataverse, {
      update: (original) =>
        once(
          original,
          async (call, ...input) => {
            await call(...input);
            throw new Error('the host went away');
          },
          state,
        ),
    });
    await expect(renew({ ...world.ports, dataverse })).rejects.toThrow();
    expect(state.left).toBe(0);
    expect(invoice(world, number)).toMatchObject(states.billed);
    await world.advanceMinutes(16);
    await renew();
    expect(invoice(world, number)).toMatchObject(states.complete);
    expect(await couplingsOf(world, invoiceJob)).toMatchObject([{ state: 'synchronized' }]);
    expect(await world.openErrors()).toEqual([]);
  });

  it('counts a refused state as failed, keeps the coupling, and tries again (P5)', async () => {
    const number = await coupledInvoice();
    world.businessCentral.payInvoice(number, 25);
    const problem = { kind: 'data', serviceCode: '0x80040203', message: 'No.', status: 400 } as const;
    const state = { left: 1 };
    const dataverse = intercept(world.ports.dataverse, {
      update: (original) => once(original, async () => [{ status: 'refused' as const, problem }], state),
    });
    const first = await renew({ ...world.ports, dataverse });
    expect(first.counts).toMatchObject({ failed: 1, modified: 0 });
    expect(await world.openErrors(invoiceJob)).toMatchObject([{ code: 'modify-failed' }]);
    await world.run(invoiceJob);
    expect(invoice(world, number)).toMatchObject(states.complete);
    expect(await world.openErrors()).toEqual([]);
  });

  it('does nothing without the companion app, which tells what is posted (D-135)', async () => {
    await world.close();
    world = await startInvoiceWorld({ companionApp: false });
    const [row] = await world.run(invoiceJob);
    expect(row).toBeUndefined();
    expect(world.events).toContainEqual(
      expect.objectContaining({
        event: 'companion-app-missing',
        details: expect.objectContaining({ mapping: invoiceJob }),
      }),
    );
    const fitted = world.mappings.filter(({ name }) => name !== invoiceJob);
    const runId = world.ports.ids.runId(world.ports.clock.now());
    expect(await renewInvoiceStates(world.ports, fitted, { runId, trigger: 'timer' })).toMatchObject({
      status: 'done',
    });
  });
});
