/** Runs of customer statistics: log, requests, slices and what is remembered (ST-2, ST-20, ST-25, ST-29). */
import { afterEach, describe, expect, it } from 'vitest';
import { runId } from '../../shared/domain/common/ids.ts';
import { amountColumns } from '../../shared/domain/statistics/customerStatistics.ts';
import {
  coupledCustomers,
  customerOf,
  customersWithLimits,
  manyCustomers,
  runStatistics,
  statisticsJob,
  statisticsOf,
  statisticsRows,
} from './statisticsWorld.ts';
import type { World } from './world.ts';

let world: World;
afterEach(() => world.close());

describe('the run', () => {
  it('without the integration solution writes no statistics, says so once in the log, and on the job (ST-2)', async () => {
    world = await customersWithLimits({ withoutTables: ['nav_accountstatistics'] });
    for (const _run of [1, 2]) {
      const rows = await world.run(statisticsJob);
      expect(rows.map(({ message }) => message)).toEqual(['The payment status of invoices was updated.']);
    }
    expect(world.events.filter(({ details }) => details['mapping'] === statisticsJob)).toHaveLength(1);
    const entry = (await world.ports.jobs.get(statisticsJob as never))?.entry;
    expect(entry?.errorMessage).toContain('CUSTOMER STATISTICS writes no statistics');
    expect(entry?.status).not.toBe('error');
  });

  it('writes two rows of the log: statistics, and the payment status of invoices, which follows payments (ST-25, D-133)', async () => {
    world = await coupledCustomers();
    const jobs = [
      'UNIT OF MEASURE',
      'RESOURCE-PRODUCT',
      'ITEM-PRODUCT',
      'CUSTPRCGRP-PRICE',
      'SALESPRC-PRODPRICE',
    ];
    for (const job of [...jobs, 'POSTEDSALESINV-INV']) await world.run(job, 'fullSync');
    const isOpen = (row: Readonly<Record<string, unknown>>) => row['statecode'] === 0;
    const invoice = world.dataverse.rows('invoice').find(isOpen);
    const number = String(invoice?.['invoicenumber'] ?? invoice?.['name']);
    const posted = world.businessCentral
      .records('postedSalesInvoices')
      .find((each) => each['number'] === number);
    world.businessCentral.payInvoice(number, Number(posted?.['remainingAmount']));
    const rows = (await world.run(statisticsJob)).filter(({ job }) => job === statisticsJob);
    const own = rows.filter(({ mapping }) => mapping === statisticsJob);
    expect(own.map(({ message }) => message)).toEqual([
      expect.stringContaining('Customer statistics were updated.'),
      'The payment status of invoices was updated.',
    ]);
    expect(own[1]?.counts).toMatchObject({ modified: 1, failed: 0 });
    expect(world.dataverse.row('invoice', String(invoice?.['invoiceid']))).toMatchObject({
      statecode: 2,
      statuscode: 100001,
    });
  });

  it('asks few questions: 1,000 customers, none and 10 changed (ST-29, P10)', async () => {
    world = await manyCustomers(1000);
    await runStatistics(world);
    const [idle] = await world.run(statisticsJob);
    expect(idle?.requests).toEqual({ businessCentral: 5, dataverse: 0 });
    for (let index = 0; index < 10; index += 1) {
      const customer = customerOf(world, `C${String(index * 7).padStart(5, '0')}`);
      world.businessCentral.edit('customers', String(customer['id']), { creditLimit: 100 + index });
    }
    const tables = world.stores.requests.sent;
    const [changed] = await world.run(statisticsJob);
    expect(changed?.counts).toMatchObject({ modified: 10 });
    expect(changed?.requests).toEqual({ businessCentral: 5, dataverse: 3 });
    expect(world.stores.requests.sent - tables).toBeLessThanOrEqual(26);
  });

  it('goes on where its time slice ended, with one row of the log for all slices (P10)', async () => {
    world = await manyCustomers(1001, { sliceMs: 0 });
    await world.drainQueue();
    const id = world.ports.ids.runId(world.ports.clock.now());
    await world.ports.queue.send({ job: statisticsJob, runId: id, trigger: 'manual', followedBy: [] });
    expect(await world.drainQueue()).toBe(2);
    const { rows } = await world.ports.logs.listSyncJobs(
      { runId: runId(id) },
      { top: 10, continuation: null },
    );
    expect(rows.toReversed()).toMatchObject([{ counts: { inserted: 1001, failed: 0 } }, {}]);
    expect(rows[1]?.finishedAt).not.toBeNull();
    expect(statisticsRows(world)).toHaveLength(1001);
  });

  it('remembers neither names nor amounts: one keyed digest per customer (ST-29)', async () => {
    world = await customersWithLimits();
    await runStatistics(world);
    const remembered = JSON.stringify(await world.ports.statistics.between(null, null));
    for (const text of ['Customer', 'C00000', '102']) expect(remembered).not.toContain(text);
  });

  it('begins rows with 1 in every amount, so that a zero does not show as a dash (ST-20)', async () => {
    world = await manyCustomers(1);
    const created: unknown[] = [];
    const { create } = world.ports.dataverse;
    const metered = world.ports.dataverse.metered.bind(world.ports.dataverse);
    const dataverse = {
      ...world.ports.dataverse,
      metered: (meter: never) => {
        const port = metered(meter);
        const watch: typeof create = (selection, inserts) => {
          created.push(...inserts.map(({ values }) => values));
          return port.create(selection, inserts);
        };
        return { ...port, create: watch };
      },
    };
    const { customerStatistics } = await import('../../shared/app/statistics/customerStatistics.ts');
    const { runCodeJob } = await import('../../shared/app/jobs/runCodeJob.ts');
    const run = {
      job: statisticsJob,
      runId: world.ports.ids.runId(world.ports.clock.now()),
      trigger: 'manual',
    } as const;
    await runCodeJob({ ...world.ports, dataverse }, world.mappings, run, customerStatistics);
    expect(created).toMatchObject([Object.fromEntries(amountColumns.map((column) => [column, 1]))]);
    expect(statisticsOf(world, 'C00000')['nav_balancelcy']).toBe(0);
  });
});
