/** What every store of mapping definitions must do, and removal of what belongs to a mapping. */
import { expect, test } from 'vitest';
import { mappingName } from '../../../domain/common/ids.ts';
import type { StoreSet } from '../storeSet.ts';
import { customer, job, range, sentBy } from './samples.ts';

const own = mappingName('Ünsere % Lager');

/** Registers the tests; `open` gives empty stores each time. */
export function definitionContract(open: () => Promise<StoreSet>): void {
  test('definitions of both kinds are read in one request, whatever their length and characters', async () => {
    const stores = await open();
    const { mappings } = stores;
    expect(await mappings.listDefinitions()).toEqual([]);
    const long = { text: `"😀\u0000é\\`.repeat(12_000), nested: [{ empty: null }] };
    const overrides = { kind: 'overrides', mapping: customer, definition: { a: 1 } } as const;
    const userDefined = { kind: 'userDefined', mapping: own, definition: long } as const;
    const versions = [
      await mappings.saveDefinition(overrides, null),
      await mappings.saveDefinition(userDefined, null),
    ];
    await mappings.replace((await mappings.get(customer)).state, null);
    expect(await sentBy(stores, () => mappings.listDefinitions())).toBe(1);
    expect(await mappings.listDefinitions()).toEqual([
      { ...overrides, version: versions[0] },
      { ...userDefined, version: versions[1] },
    ]);
  });

  test('of writers that read the same version of a definition exactly one writes it', async () => {
    const { mappings } = await open();
    const numbered = (number: number) => ({
      kind: 'overrides' as const,
      mapping: customer,
      definition: { number },
    });
    const first = await Promise.all(
      range(4).map((number) => mappings.saveDefinition(numbered(number), null)),
    );
    const [version, ...more] = first.filter((outcome) => outcome !== null);
    expect(more).toEqual([]);
    const second = await Promise.all(
      range(4).map((number) => mappings.saveDefinition(numbered(number), version ?? '')),
    );
    expect(second.filter((outcome) => outcome !== null)).toHaveLength(1);
  });

  test('a definition, the state of a mapping and a job can be removed, twice if need be', async () => {
    const { mappings, jobs } = await open();
    const definition = { kind: 'userDefined', mapping: own, definition: {} } as const;
    for (let time = 0; time < 2; time += 1) {
      expect(await mappings.saveDefinition(definition, null)).not.toBeNull();
      expect(await mappings.replace((await mappings.get(own)).state, null)).not.toBeNull();
      await jobs.createIfMissing(job());
      for (let again = 0; again < 2; again += 1) {
        await mappings.removeDefinition('userDefined', own);
        await mappings.removeState(own);
        await jobs.remove('CUSTOMER');
      }
      expect(await mappings.listDefinitions()).toEqual([]);
      expect((await mappings.get(own)).version).toBeNull();
      expect(await jobs.list()).toEqual([]);
    }
  });
}
