/** P9: nothing is deleted or uncoupled by accident. */
import { type Protection, scenario, testsOf } from '../protection.ts';

const deletionTests = 'test/engine/deletion.integration.test.ts';

export const accidentProtections: readonly Protection[] = [
  {
    promise: 'P9',
    what: 'Too many lost couplings in one run stop it before anything is done about any',
    file: 'shared/app/run/lostRecords.ts',
    find: 'guardMassChange({\n      ...scope.ports.policy,',
    replace: 'guardMassChange({\n      ...{ maxDeletePercent: 100 },',
    tests: testsOf(deletionTests, 'stops the job before anything is done about too many deletions'),
  },
  {
    promise: 'P9',
    what: 'The mass-change guard compares with the share that is allowed',
    file: 'shared/domain/sync/massChange.ts',
    find: 'if (lost < fewestLost || lost * 100 <= coupled * maxDeletePercent) return;',
    replace: 'if (lost < fewestLost || lost <= coupled) return;',
    tests: testsOf('shared/domain/sync/massChange.test.ts', 'stops at'),
  },
  {
    promise: 'P9',
    what: 'The mass-change guard counts what earlier slices of the run lost',
    file: 'shared/app/run/lostRecords.ts',
    find: 'lost: all.lostBefore + newlyLost(lost, context),',
    replace: 'lost: newlyLost(lost, context),',
    tests: testsOf('test/promises/positions.integration.test.ts', 'stops a run in slices, too'),
  },
  {
    promise: 'P9',
    what: 'A reported deletion is believed only when the row is really gone',
    file: 'shared/app/run/lostRecords.ts',
    find: '.filter(({ dataverse }) => dataverse === null)',
    replace: '.map((pair) => ({ ...pair, dataverse: null }))',
    tests: testsOf('test/promises/positions.integration.test.ts', 'reported as deleted but is there'),
  },
  {
    promise: 'P9',
    what: 'A record that only left the filter is not taken for deleted',
    file: 'shared/app/run/sweep.ts',
    find: 'lost.push(...pairs.filter(isLost));',
    replace:
      "lost.push(...pairs.map((pair) => (pair.dataverse?.values['customertypecode'] === 3 ? pair : { ...pair, dataverse: null })).filter(isLost));",
    tests: testsOf(deletionTests, 'a record outside the filter is not taken for it'),
  },
  {
    promise: 'P9',
    what: 'A changed filter reads everything anew, instead of concluding from what is not met',
    file: 'shared/app/run/runScope.ts',
    find: 'state: request.fromScratch || isRedefined ?',
    replace: 'state: request.fromScratch || (isRedefined && request.dryRun) ?',
    tests: scenario('filters/widened-filter.json'),
  },
  {
    promise: 'P9',
    what: 'A coupling that lost a side is left to a user unless the mapping says otherwise',
    file: 'shared/domain/sync/plan.ts',
    find: "case 'none':\n      return leave;",
    replace: "case 'none':",
    tests: testsOf(deletionTests, 'is left to a user: failed, then skipped'),
  },
  {
    promise: 'P9',
    what: 'A read that fails is a failure, never "nothing found"',
    file: 'shared/adapters/businessCentral/lookups.ts',
    find: 'if (result.status !== 200) throw answerFailure(client, result, ',
    replace:
      'if (result.status !== 200) return []; if (result === null) throw answerFailure(client, result, ',
    tests: testsOf('shared/adapters/businessCentral/reads.test.ts', 'raise the failure of an operation'),
  },
];
