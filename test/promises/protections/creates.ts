/** P2: nothing is created twice. */
import { type Protection, testsOf } from '../protection.ts';

const faultTests = 'test/engine/faults.integration.test.ts';
const brokenCreates = 'test/promises/brokenCreates.integration.test.ts';

export const createProtections: readonly Protection[] = [
  {
    promise: 'P2',
    what: 'The id of a new row is made from company, mapping and record alone',
    file: 'shared/domain/couplings/dataverseIdFor.ts',
    find: 'const generation = replaced === null ? ',
    replace: 'const generation = replaced === null ? String(Math.random()) + ',
    tests: testsOf(
      'shared/domain/couplings/dataverseIdFor.test.ts',
      'is the same for the same company, mapping and record',
    ),
  },
  {
    promise: 'P2',
    what: 'A create in Dataverse never overwrites a row that is there',
    file: 'shared/adapters/dataverse/writeRows.ts',
    find: "condition: { 'If-None-Match': '*' }",
    replace: 'condition: {}',
    tests: testsOf('shared/adapters/dataverse/writeRows.test.ts', 'sends create-only requests'),
  },
  {
    promise: 'P2',
    what: 'A create that finds its id taken couples the row that is there',
    file: 'shared/adapters/dataverse/writeOutcomes.ts',
    find: "if (answer.status === 412 && !isDuplicate(problem)) return { status: 'exists' };",
    replace: '',
    tests: testsOf(faultTests, 'makes no second record, and moves no watermark'),
  },
  {
    promise: 'P2',
    what: 'A create in Business Central is announced by an intent before it is sent',
    file: 'shared/app/run/writeActions.ts',
    find: 'await ports.couplings.saveIntents(intents);',
    replace: '',
    tests: testsOf(faultTests, 'to creates in Business Central makes no second customer'),
  },
  {
    promise: 'P2',
    what: 'While an intent stands, the record it made is looked for before another create is sent',
    file: 'shared/app/run/resolveIntents.ts',
    find: 'return actions.map((action) => replaced.get(action) ?? action);',
    replace: 'return actions;',
    tests: testsOf(brokenCreates, 'makes no second customer of an account'),
  },
  {
    promise: 'P2',
    what: 'Several records that a begun create could have made are an error, never another create',
    file: 'shared/app/run/resolveIntents.ts',
    find: 'if (same.length > 1 || (!only && similar.length > 0)) {',
    replace: 'if (same.length > 99) {',
    tests: testsOf(brokenCreates, 'stops with an error where two customers could be'),
  },
  {
    promise: 'P2',
    what: 'A record that a begun create may have made is left out of the pass to Dataverse',
    file: 'shared/app/run/begunCreates.ts',
    find: 'return !intents.some(isLike);',
    replace: 'return !intents.some(isLike) || true;',
    tests: testsOf(brokenCreates, 'makes no second account from a customer'),
  },
  {
    promise: 'P2',
    what: 'A row made by this program is never taken for a new row of Sales',
    file: 'shared/app/run/pairRecords.ts',
    find: "return !(isNameBased(dataverseId(record.id)) && record.values['createdby'] === scope.identity.userId);",
    replace: 'return !isNameBased(dataverseId(record.id)) || true;',
    tests: testsOf(brokenCreates, 'makes no second customer from the row'),
  },
  {
    promise: 'P2',
    what: 'A write to Business Central whose answer is lost is never sent again blindly',
    file: 'shared/adapters/businessCentral/batch.ts',
    find: "idempotent: mode === 'read',",
    replace: 'idempotent: true,',
    tests: testsOf(
      'shared/adapters/businessCentral/creates.test.ts',
      'takes three requests that may not be repeated',
    ),
  },
  {
    promise: 'P2',
    what: 'A second run of a mapping leaves while another one holds the lease',
    file: 'shared/app/run/lease.ts',
    find: 'if (isOwned && state.lease.expiresAt > now) return null;',
    replace: '',
    tests: testsOf('shared/app/jobs/jobs.test.ts', 'is held by one run at a time, until it expires'),
  },
  {
    promise: 'P2',
    what: 'A run that lost its lease stops before it writes another page',
    file: 'shared/app/run/lease.ts',
    find: 'if (version === null) throw leaseLost(held);',
    replace: 'if (version === null) return;',
    tests: testsOf(
      'shared/app/jobs/jobs.test.ts',
      'is renewed by a long run, which stops when another one took it',
    ),
  },
  {
    promise: 'P2',
    what: 'The lease is renewed before each page',
    file: 'shared/app/run/runPass.ts',
    find: 'if (scope.lease) await renewLease(scope.ports, scope.lease);',
    replace: '',
    tests: testsOf(brokenCreates, 'stops before the next page'),
  },
  {
    promise: 'P2',
    what: 'A counterpart that one record takes is not offered to the next',
    file: 'shared/domain/sync/match.ts',
    find: 'const free = found.filter((candidate) => !isTaken(candidate.id));',
    replace: 'const free = found.filter((candidate) => !isTaken(candidate.id) || true);',
    tests: testsOf('shared/domain/sync/match.test.ts', 'does not take a record that is coupled already'),
  },
];
