/** How couplings are found, listed and preceded by intents; run against Table Storage and memory alike. */
import { expect, test } from 'vitest';
import { type DataverseId, mappingName } from '../../../domain/common/ids.ts';
import type { Coupling } from '../../../domain/couplings/coupling.ts';
import type { CouplingStore, CouplingWrite } from '../../../ports/couplingStore.ts';
import type { StoreSet } from '../storeSet.ts';
import { coupling, creates, crmId, customer, erpId, minute, range, sentBy } from './samples.ts';

const byId = (left: Coupling, right: Coupling): number =>
  left.businessCentralId < right.businessCentralId ? -1 : 1;
const create = (made: Coupling): CouplingWrite => ({ kind: 'create', coupling: made });
const everything = { top: 1000, continuation: null };

/** Registers the tests; `open` gives empty stores each time. */
export function couplingReadContract(open: () => Promise<StoreSet>): void {
  test('couplings are looked up 15 at a time, or scanned 1,000 at a time when that takes fewer requests', async () => {
    const stores = await open();
    const { couplings } = stores;
    await couplings.save(customer, creates(1000));
    const erpIds = range(31).map(erpId);
    const crmIds = range(31).map(crmId);
    const repeated = [...range(15), ...range(15)].map(erpId);
    const cost = (action: () => Promise<unknown>) => sentBy(stores, action);
    expect(await cost(() => couplings.byBusinessCentralIds(customer, erpIds, 3000))).toBe(3);
    expect(await cost(() => couplings.byBusinessCentralIds(customer, erpIds, 1000))).toBe(1);
    expect(await cost(() => couplings.byBusinessCentralIds(customer, repeated, 1000))).toBe(1);
    expect(await cost(() => couplings.byBusinessCentralIds(customer, [], 1000))).toBe(0);
    expect(await cost(() => couplings.byDataverseIds(customer, crmIds, 6000))).toBe(6);
    expect(await cost(() => couplings.byDataverseIds(customer, crmIds, 1000))).toBe(1);
    expect(await couplings.byBusinessCentralIds(customer, repeated, 1e9)).toHaveLength(15);
    const scanned = await couplings.byDataverseIds(customer, crmIds, 1000);
    expect([...scanned].sort(byId)).toEqual(range(31).map((number) => coupling(number)));
  });

  test('failed and pending couplings are found by their state (E-14, E-15)', async () => {
    const { couplings } = await open();
    const failed = coupling(2, { state: 'failed' });
    const pending = coupling(3, { state: 'pending' });
    const skipped = coupling(4, { state: 'skipped' });
    await couplings.save(customer, [create(coupling(1)), create(failed), create(pending), create(skipped)]);
    expect(await couplings.unsettled(customer)).toEqual([failed, pending]);
  });

  test('a list goes through a mapping in pages without gap or repeat, while rows are being removed', async () => {
    const { couplings } = await open();
    await couplings.save(customer, creates(25));
    const first = await couplings.list({ mapping: customer }, { top: 10, continuation: null });
    await couplings.save(customer, [
      { kind: 'remove', businessCentralId: erpId(9), dataverseId: crmId(9) },
      { kind: 'remove', businessCentralId: erpId(10), dataverseId: crmId(10) },
    ]);
    const second = await couplings.list({ mapping: customer }, { top: 10, continuation: first.continuation });
    const third = await couplings.list({ mapping: customer }, { top: 10, continuation: second.continuation });
    expect(first.rows).toEqual(range(10).map((number) => coupling(number)));
    expect([...second.rows, ...third.rows]).toEqual(range(14).map((number) => coupling(number + 11)));
    expect(third.continuation).toBeNull();
  });

  test('a list without mapping goes through all mappings, filtered by state or id', async () => {
    const { couplings } = await open();
    const names = ['CONTACT', 'CUSTOMER', 'UNIT OF MEASURE'].map(mappingName);
    for (const mapping of names) await couplings.save(mapping, creates(3, mapping));
    await couplings.save(mappingName('VENDOR'), [
      create(coupling(1, { mapping: mappingName('VENDOR'), state: 'failed' })),
    ]);
    const rows: Coupling[] = [];
    let continuation: string | null = null;
    do {
      const page = await couplings.list({}, { top: 2, continuation });
      rows.push(...page.rows);
      continuation = page.continuation;
    } while (continuation !== null);
    const expected = names.flatMap((name) => range(3).map((number) => `${name} ${erpId(number)}`));
    const keyOf = (row: Coupling) => `${row.mapping} ${row.businessCentralId}`;
    expect(rows.map(keyOf)).toEqual([...expected, `VENDOR ${erpId(1)}`]);
    const list = async (query: Parameters<CouplingStore['list']>[0]) =>
      (await couplings.list(query, everything)).rows.map(keyOf);
    expect(await list({ state: 'failed' })).toEqual([`VENDOR ${erpId(1)}`]);
    expect(await list({ businessCentralId: erpId(2) })).toEqual(names.map((name) => `${name} ${erpId(2)}`));
    expect(await list({ dataverseId: crmId(1), state: 'synchronized' })).toHaveLength(3);
    expect(await list({ businessCentralId: erpId(1), dataverseId: crmId(2) })).toEqual([]);
  });

  test('a continuation of another list is refused', async () => {
    const { couplings } = await open();
    await couplings.save(customer, creates(3));
    const { continuation } = await couplings.list({ mapping: customer }, { top: 1, continuation: null });
    const other = couplings.list({ mapping: mappingName('ITEM') }, { top: 1, continuation });
    await expect(other).rejects.toMatchObject({ code: 'invalid-continuation' });
    const nonsense = couplings.list({}, { top: 1, continuation: 'nonsense' });
    await expect(nonsense).rejects.toMatchObject({ code: 'invalid-continuation' });
  });

  test('an intent remembers how far its document has come (D-68)', async () => {
    const { couplings } = await open();
    const document = {
      stage: 'complete',
      ...{ businessCentralId: null, number: '1001' },
      ...{
        externalDocumentNumber: 'Chairs',
        customerNumber: 'C1',
        endState: { statecode: 1, statuscode: 3 },
      },
    } as const;
    const intent = { mapping: customer, dataverseId: crmId(1), startedAt: minute(1), sent: {}, base: {} };
    await couplings.saveIntents([{ ...intent, document }]);
    expect(await couplings.intents(customer)).toEqual([{ ...intent, document }]);
  });

  test('an intent keeps its first start and goes with the create of its coupling, in one transaction', async () => {
    const stores = await open();
    const { couplings } = stores;
    const intent = (number: number, minutes: number) => ({
      mapping: customer,
      dataverseId: crmId(number),
      startedAt: minute(minutes),
      sent: { displayName: `#${minutes}` },
      base: { name: { businessCentral: '#1', dataverse: '#2' }, city: { businessCentral: '#3' } },
    });
    await couplings.saveIntents([intent(1, 1), intent(2, 1)]);
    await couplings.saveIntents([intent(2, 5), intent(3, 5)]);
    expect(await couplings.intents(customer)).toEqual([intent(1, 1), intent(2, 5), intent(3, 5)]);
    const sent = await sentBy(stores, () =>
      couplings.save(customer, [create(coupling(1)), create(coupling(4))]),
    );
    expect(sent).toBe(2);
    expect(await couplings.intents(customer)).toEqual([intent(2, 5), intent(3, 5)]);
    await couplings.removeIntents(customer, [crmId(2), crmId(9)]);
    await couplings.removeIntents(customer, [crmId(2)]);
    expect(await couplings.intents(customer)).toEqual([intent(3, 5)]);
  });

  test('intents of many records are found, and removed by their creates, in few requests', async () => {
    const stores = await open();
    const { couplings } = stores;
    const ids: readonly DataverseId[] = range(200).map(crmId);
    await couplings.saveIntents(
      ids.map((id) => ({ mapping: customer, dataverseId: id, startedAt: minute(0), sent: {}, base: {} })),
    );
    expect(await sentBy(stores, () => couplings.intents(customer))).toBe(1);
    expect(await sentBy(stores, () => couplings.save(customer, creates(200)))).toBe(1 + Math.ceil(200 / 33));
    expect(await couplings.intents(customer)).toEqual([]);
  });
}
