/** How couplings are written and kept one-to-one; run against Table Storage and memory alike. */
import { expect, test } from 'vitest';
import { mappingName } from '../../../domain/common/ids.ts';
import type { Coupling } from '../../../domain/couplings/coupling.ts';
import type { CouplingStore, CouplingWrite } from '../../../ports/couplingStore.ts';
import type { StoreSet } from '../storeSet.ts';
import { coupling, creates, crmId, customer, erpId, minute, range, sentBy } from './samples.ts';

const byId = (left: Coupling, right: Coupling): number =>
  left.businessCentralId < right.businessCentralId ? -1 : 1;
const create = (made: Coupling): CouplingWrite => ({ kind: 'create', coupling: made });

/** Both directions of the index, read independently of each other, as pairs of ids. */
async function bothDirections(couplings: CouplingStore, count: number) {
  const numbers = range(count);
  const forward = await couplings.byBusinessCentralIds(customer, numbers.map(erpId), 1e9);
  const backward = await couplings.byDataverseIds(customer, numbers.map(crmId), 1e9);
  return { forward: [...forward].sort(byId), backward: [...backward].sort(byId) };
}

/** Registers the tests; `open` gives empty stores each time. */
export function couplingContract(open: () => Promise<StoreSet>): void {
  test('a coupling is read back as it was saved, by either id, with and without its optional members (E-4)', async () => {
    const { couplings } = await open();
    const bare = coupling(2, {
      base: null,
      lastSyncedAt: null,
      toDataverse: null,
      toBusinessCentral: null,
      lastError: null,
    });
    expect(await couplings.save(customer, [create(coupling(1)), create(bare)])).toEqual(['done', 'done']);
    const found = await bothDirections(couplings, 3);
    expect(found.forward).toEqual([coupling(1), bare]);
    expect(found.backward).toEqual([coupling(1), bare]);
  });

  test('replace overwrites the whole state, so members that became null are gone', async () => {
    const { couplings } = await open();
    await couplings.save(customer, [create(coupling(1))]);
    const changed = coupling(1, { lastError: null, base: null, state: 'pending' });
    expect(await couplings.save(customer, [{ kind: 'replace', coupling: changed }])).toEqual(['done']);
    expect(await couplings.byBusinessCentralIds(customer, [erpId(1)], 0)).toEqual([changed]);
  });

  test('repoint moves a coupling to another record of either side, and both directions of the index follow (E-6, P8)', async () => {
    const { couplings } = await open();
    await couplings.save(customer, [create(coupling(1)), create(coupling(2))]);
    const previous = { businessCentralId: erpId(1), dataverseId: crmId(1) };
    const moved = coupling(1, { dataverseId: crmId(7) });
    const repoint: CouplingWrite = { kind: 'repoint', coupling: moved, previous };
    expect(await couplings.save(customer, [repoint])).toEqual(['done']);
    expect(await couplings.save(customer, [repoint])).toEqual(['done']);
    const other = coupling(1, { businessCentralId: erpId(8), dataverseId: crmId(7) });
    const back: CouplingWrite = {
      kind: 'repoint',
      coupling: other,
      previous: { businessCentralId: erpId(1), dataverseId: crmId(7) },
    };
    expect(await couplings.save(customer, [back])).toEqual(['done']);
    const { forward, backward } = await bothDirections(couplings, 10);
    expect(forward).toEqual([coupling(2), other]);
    expect(backward).toEqual(forward);
  });

  test('repoint is refused when the other record is coupled already, and changes nothing (E-114)', async () => {
    const { couplings } = await open();
    await couplings.save(customer, [create(coupling(1)), create(coupling(2))]);
    const previous = { businessCentralId: erpId(1), dataverseId: crmId(1) };
    const outcome = await couplings.save(customer, [
      { kind: 'repoint', coupling: coupling(1, { dataverseId: crmId(2) }), previous },
    ]);
    expect(outcome).toEqual(['taken']);
    const { forward, backward } = await bothDirections(couplings, 5);
    expect(forward).toEqual([coupling(1), coupling(2)]);
    expect(backward).toEqual(forward);
  });

  test('either id can be coupled once only (E-114), and the rest of the transaction is still written', async () => {
    const { couplings } = await open();
    await couplings.save(customer, [create(coupling(1)), create(coupling(2))]);
    const outcomes = await couplings.save(customer, [
      create(coupling(3)),
      create(coupling(4, { dataverseId: crmId(1) })),
      create(coupling(2, { dataverseId: crmId(9) })),
      create(coupling(5)),
    ]);
    expect(outcomes).toEqual(['done', 'taken', 'taken', 'done']);
    const { forward, backward } = await bothDirections(couplings, 10);
    expect(forward).toEqual([1, 2, 3, 5].map((number) => coupling(number)));
    expect(backward).toEqual(forward);
  });

  test('of concurrent creates that share an id exactly one wins and the index stays consistent (P8)', async () => {
    const { couplings } = await open();
    const rivals = range(8).map((number) => coupling(number, { dataverseId: crmId(0) }));
    const outcomes = await Promise.all(rivals.map((rival) => couplings.save(customer, [create(rival)])));
    expect(outcomes.flat().filter((outcome) => outcome === 'done')).toHaveLength(1);
    expect(outcomes.flat().filter((outcome) => outcome === 'taken')).toHaveLength(7);
    const { forward, backward } = await bothDirections(couplings, 8);
    expect(forward).toHaveLength(1);
    expect(backward).toEqual(forward);
  });

  test('concurrent batches of the same pairs all end with done and one coupling each', async () => {
    const { couplings } = await open();
    const outcomes = await Promise.all(range(3).map(() => couplings.save(customer, creates(120))));
    expect(new Set(outcomes.flat())).toEqual(new Set(['done']));
    const { forward, backward } = await bothDirections(couplings, 120);
    expect(forward).toEqual(range(120).map((number) => coupling(number)));
    expect(backward).toEqual(forward);
  });

  test('a save repeated after part of it was carried out completes it (P2, P8)', async () => {
    const { couplings } = await open();
    await couplings.save(customer, creates(70));
    expect(await couplings.save(customer, creates(130))).toEqual(range(130).map(() => 'done'));
    const { forward, backward } = await bothDirections(couplings, 130);
    expect(forward).toHaveLength(130);
    expect(backward).toEqual(forward);
  });

  test('replace and remove of what is not coupled are missing and leave the others alone', async () => {
    const { couplings } = await open();
    await couplings.save(customer, creates(4));
    const outcomes = await couplings.save(customer, [
      { kind: 'replace', coupling: coupling(0, { state: 'pending' }) },
      { kind: 'replace', coupling: coupling(7) },
      { kind: 'remove', businessCentralId: erpId(1), dataverseId: crmId(2) },
      { kind: 'remove', businessCentralId: erpId(8), dataverseId: crmId(8) },
      { kind: 'remove', businessCentralId: erpId(3), dataverseId: crmId(3) },
    ]);
    expect(outcomes).toEqual(['done', 'missing', 'missing', 'missing', 'done']);
    const { forward, backward } = await bothDirections(couplings, 9);
    expect(forward).toEqual([coupling(0, { state: 'pending' }), coupling(1), coupling(2)]);
    expect(backward).toEqual(forward);
  });

  test('a remove that pairs the ids of two couplings touches neither of them (P8)', async () => {
    const { couplings } = await open();
    await couplings.save(customer, creates(2));
    const crossed = { kind: 'remove', businessCentralId: erpId(0), dataverseId: crmId(1) } as const;
    expect(await couplings.save(customer, [crossed])).toEqual(['missing']);
    const { forward, backward } = await bothDirections(couplings, 2);
    expect(forward).toEqual([coupling(0), coupling(1)]);
    expect(backward).toEqual(forward);
  });

  test('writes of one call that touch the same record are carried out in order', async () => {
    const { couplings } = await open();
    await couplings.save(customer, [create(coupling(1))]);
    const outcomes = await couplings.save(customer, [
      { kind: 'remove', businessCentralId: erpId(1), dataverseId: crmId(1) },
      create(coupling(1, { dataverseId: crmId(2) })),
      { kind: 'remove', businessCentralId: erpId(1), dataverseId: crmId(2) },
      create(coupling(1, { dataverseId: crmId(3) })),
    ]);
    expect(outcomes).toEqual(['done', 'done', 'done', 'done']);
    const { forward, backward } = await bothDirections(couplings, 4);
    expect(forward).toEqual([coupling(1, { dataverseId: crmId(3) })]);
    expect(backward).toEqual(forward);
  });

  test('1,000 couplings take 20 transactions to create and 10 to replace, plus one look for intents', async () => {
    const stores = await open();
    const replaces = range(1000).map(
      (number): CouplingWrite => ({ kind: 'replace', coupling: coupling(number) }),
    );
    expect(await sentBy(stores, () => stores.couplings.save(customer, creates(1000)))).toBe(21);
    expect(await sentBy(stores, () => stores.couplings.save(customer, replaces))).toBe(10);
    expect(await sentBy(stores, () => stores.couplings.save(customer, []))).toBe(0);
  });

  test('one refused row costs its transaction, one look and the rest sent again', async () => {
    const stores = await open();
    const { couplings } = stores;
    await couplings.save(customer, creates(20));
    await couplings.saveIntents([
      { mapping: customer, dataverseId: crmId(30), startedAt: minute(0), sent: {}, base: {} },
    ]);
    const mixed = (last: CouplingWrite): readonly CouplingWrite[] => [
      { kind: 'replace', coupling: coupling(1, { state: 'failed' }) },
      create(coupling(30)),
      { kind: 'replace', coupling: coupling(2, { state: 'skipped' }) },
      last,
      ...range(30).map((number) => create(coupling(50 + number))),
    ];
    const taken = mixed(create(coupling(40, { dataverseId: crmId(5) })));
    let outcomes: unknown;
    const sent = await sentBy(stores, async () => {
      outcomes = await couplings.save(customer, taken);
    });
    expect(outcomes).toEqual(['done', 'done', 'done', 'taken', ...range(30).map(() => 'done')]);
    expect(sent).toBe(1 + 3);
    expect(await couplings.intents(customer)).toEqual([]);
    expect(await couplings.unsettled(customer)).toEqual([coupling(1, { state: 'failed' })]);
  });

  test('names with characters that keys refuse are stored apart from each other (B-12)', async () => {
    const { couplings } = await open();
    const names = ['A/B', 'A\\B', 'A#B', 'A?B', 'A%2FB', "A'B", 'A!002fB', 'Ærø', 'A\u0007B'].map(
      mappingName,
    );
    for (const mapping of names) await couplings.save(mapping, creates(1, mapping));
    for (const mapping of names) {
      const [found] = await couplings.byBusinessCentralIds(mapping, [erpId(0)], 1);
      expect(found?.mapping).toBe(mapping);
    }
  });

  test('messages are cut to 2,048 characters (E-150) and bases of any size are kept whole', async () => {
    const { couplings } = await open();
    const fields = range(400).map(
      (number) => [`field${number}`, { businessCentral: 'x'.repeat(200) }] as const,
    );
    const base = Object.fromEntries(fields);
    const lastError = { ...coupling(1).lastError, message: 'm'.repeat(5000) } as Coupling['lastError'];
    await couplings.save(customer, [create(coupling(1, { base, lastError }))]);
    const [found] = await couplings.byBusinessCentralIds(customer, [erpId(1)], 1);
    expect(found?.base).toEqual(base);
    expect(found?.lastError?.message).toBe(`${'m'.repeat(2047)}…`);
    await couplings.save(customer, [{ kind: 'replace', coupling: coupling(1) }]);
    expect(await couplings.byBusinessCentralIds(customer, [erpId(1)], 1)).toEqual([coupling(1)]);
  });

  test('large couplings are split over transactions by their bytes (B-20)', async () => {
    const stores = await open();
    const base = { field: { businessCentral: 'x'.repeat(100_000) } };
    const writes = range(40).map((number) => create(coupling(number, { base })));
    expect(await sentBy(stores, () => stores.couplings.save(customer, writes))).toBe(1 + 2);
    expect(await stores.couplings.unsettled(customer)).toEqual([]);
    expect((await bothDirections(stores.couplings, 40)).backward).toHaveLength(40);
  });
}
