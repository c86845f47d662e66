/** P5: no record is forgotten. P6: each ends in exactly one counter. */
import { type Protection, scenario, testsOf } from '../protection.ts';

const waits = scenario('lookups/salesperson-not-coupled.json');

export const outcomeProtections: readonly Protection[] = [
  {
    promise: 'P5',
    what: 'A failed record without a coupling goes to the retry list',
    file: 'shared/app/run/saveFailures.ts',
    find: 'if (entries.length > 0) await ports.retries.save(entries);',
    replace: '',
    tests: waits,
  },
  {
    promise: 'P5',
    what: 'The retry list is read in every run, whatever the watermark says',
    file: 'shared/app/run/candidates.ts',
    find: '...unsettledIds(unsettled, pass), ...retryIds(retries)',
    replace: '...unsettledIds(unsettled, pass)',
    tests: testsOf('test/promises/everyRecord.integration.test.ts', 'is tried in every run'),
  },
  {
    promise: 'P5',
    what: 'What stands on the retry list is read by its ids before what changed',
    file: 'shared/app/run/candidates.ts',
    find: 'if (!start && ids.length > 0) yield await pageOfIds(scope, pass, ids, retries);',
    replace: '',
    tests: waits,
  },
  {
    promise: 'P5',
    what: 'A failed coupling is marked, so that the next run tries it again',
    file: 'shared/domain/sync/settle.ts',
    find: "...(input.pass === 'toDataverse' ? { toDataverse: failure } : { toBusinessCentral: failure }),",
    replace: '',
    tests: scenario('lookups/salesperson-not-coupled-on-modify.json'),
  },
  {
    promise: 'P5',
    what: 'A failure that another record or time can cure never makes a record skipped',
    file: 'shared/domain/sync/outcome.ts',
    find: 'return !curableKinds.has(raised.kind) && previous === fingerprintOf(raised);',
    replace: 'return previous === fingerprintOf(raised);',
    tests: testsOf(
      'shared/domain/sync/outcome.test.ts',
      'never makes a record skipped when it waits for another',
    ),
  },
  {
    promise: 'P5',
    what: 'A batch that fails does not hide what became of the records of the others',
    file: 'shared/adapters/dataverse/sendWrites.ts',
    find: "if (result.status === 'rejected' && !(someCameThrough && result.reason instanceof SyncFailure)) {",
    replace: "if (result.status === 'rejected') {",
    tests: testsOf(
      'shared/adapters/dataverse/batch.test.ts',
      'of one batch does not hide what became of the others',
    ),
  },
  {
    promise: 'P6',
    what: 'A skipped failure counts as skipped only',
    file: 'shared/app/run/recordOutcomes.ts',
    find: 'failed.length - skipped, skipped)',
    replace: 'failed.length, skipped)',
    tests: scenario('retry/refused-change-is-skipped.json'),
  },
  {
    promise: 'P6',
    what: 'A record whose coupling was refused counts as failed only',
    file: 'shared/app/run/recordOutcomes.ts',
    find: 'const kept = settled.filter(({ end }) => !taken.has(end));',
    replace: 'const kept = settled;',
    tests: testsOf('test/promises/brokenCreates.integration.test.ts', 'counts as failed only'),
  },
  {
    promise: 'P6',
    what: 'A record of the retry list that changed as well is met once',
    file: 'shared/app/run/candidates.ts',
    find: 'records.filter((record) => !handled.has(record.id))',
    replace: 'records',
    tests: testsOf('test/promises/everyRecord.integration.test.ts', 'is in one counter only when it changed'),
  },
  {
    promise: 'P6',
    what: 'A coupling that lost a side is judged once in a run',
    file: 'shared/app/run/lostRecords.ts',
    find: "state: now }) => !scope.lostMet.has(businessCentralId) && now !== 'skipped',\n  );\n  return (await pairsOf(scope, couplings)).filter(({ dataverse }) => dataverse === null);",
    replace:
      "state: now }) => now !== 'skipped' || scope.lostMet.has(businessCentralId),\n  );\n  return (await pairsOf(scope, couplings)).filter(({ dataverse }) => dataverse === null);",
    tests: testsOf(
      'test/engine/deletion.integration.test.ts',
      'fails once: the changed customer in one pass',
    ),
  },
];
