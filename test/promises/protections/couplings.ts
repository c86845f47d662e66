/** P8: couplings are one-to-one, and both directions of the index agree. */
import { type Protection, testsOf } from '../protection.ts';

const storeTests = 'shared/adapters/memory/memoryStores.test.ts';
const file = 'shared/adapters/tableStorage/couplingSave.ts';

export const couplingProtections: readonly Protection[] = [
  {
    promise: 'P8',
    what: 'A coupling is made by inserts, so that the store refuses a second one of either record',
    file,
    find: "pending.writes = createRows('insert', coupling, ids.has(coupling.dataverseId));",
    replace: "pending.writes = createRows('upsert', coupling, ids.has(coupling.dataverseId));",
    tests: testsOf(storeTests, 'either id can be coupled once only (E-114)'),
  },
  {
    promise: 'P8',
    what: 'A coupling whose record belongs to another one is refused as taken',
    file,
    find: "if (isForeign) pending.outcome = 'taken';",
    replace: "if (isForeign && !isMain) pending.outcome = 'done';",
    tests: testsOf(storeTests, 'either id can be coupled once only (E-114)'),
  },
  {
    promise: 'P8',
    what: 'Both rows of a coupling travel in one transaction',
    file: 'shared/adapters/tableStorage/transactionGroups.ts',
    find: 'groups.at(-1)?.push(unit);',
    replace: 'for (const write of unit.writes) groups.push([{ ...unit, writes: [write] }]);',
    tests: testsOf(storeTests, '1,000 couplings take 20 transactions'),
  },
  {
    promise: 'P8',
    what: 'A coupling is removed only when both ids belong to it',
    file,
    find: "if (isPair) pending.writes = rowsOf(pending.write).map((row) => ({ kind: 'delete', row }));",
    replace:
      "if (isPair || rows) pending.writes = rowsOf(pending.write).map((row) => ({ kind: 'delete', row }));",
    tests: testsOf(storeTests, 'a remove that pairs the ids of two couplings touches neither'),
  },
  {
    promise: 'P8',
    what: 'A coupling that moves to another record leaves no row of the old pair behind',
    file,
    find: "...gone.map((row): RowWrite => ({ kind: 'delete', row })),",
    replace: '',
    tests: testsOf(storeTests, 'repoint moves a coupling to another record of either side'),
  },
  {
    promise: 'P8',
    what: 'A record whose counterpart was coupled to another meanwhile fails and says so',
    file: 'shared/app/run/recordOutcomes.ts',
    find: '...[...taken].map(takenFailure),',
    replace: '',
    tests: testsOf('test/promises/brokenCreates.integration.test.ts', 'counts as failed only'),
  },
];
