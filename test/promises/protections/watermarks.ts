/** P7: watermarks never pass a record without a recorded outcome. P12: a lost notification costs latency, never data. */
import { type Protection, testsOf } from '../protection.ts';

const watermarkTests = 'shared/domain/sync/watermark.test.ts';
const faultTests = 'test/engine/faults.integration.test.ts';

export const watermarkProtections: readonly Protection[] = [
  {
    promise: 'P7',
    what: 'What may have been committed late is read again',
    file: 'shared/domain/sync/watermark.ts',
    find: 'const overlapping = shift(newest, -commitDelayMs);',
    replace: 'const overlapping = newest;',
    tests: testsOf(watermarkTests, 'never passes a record that is committed within the longest operation'),
  },
  {
    promise: 'P7',
    what: 'The overlap is left out only once no late commit is possible any more',
    file: 'shared/domain/sync/watermark.ts',
    find: 'const settledUntil = waitedMs >= commitDelayMs ? before.newest : before.settledUntil;',
    replace: 'const settledUntil = waitedMs >= 0 ? before.newest : before.settledUntil;',
    tests: testsOf(watermarkTests, 'never passes a record that is committed within the longest operation'),
  },
  {
    promise: 'P7',
    what: 'A run that breaks off leaves the watermarks where they were',
    file: 'shared/app/runMapping.ts',
    find: 'let after: MappingState = { ...held.state, mayHaveLeftovers: true, mayHaveRetries: true };',
    replace:
      'let after: MappingState = { ...held.state, businessCentralWatermark: ports.clock.now(), mayHaveLeftovers: true, mayHaveRetries: true };',
    tests: testsOf(faultTests, 'makes no second record, and moves no watermark'),
  },
  {
    promise: 'P7',
    what: 'A run that pauses moves no watermark',
    file: 'shared/app/runMapping.ts',
    find: 'after = { ...held.state, cursor: paused, mayHaveLeftovers, mayHaveRetries: true };',
    replace:
      'after = { ...advanced(scope, next, coupled), cursor: paused, mayHaveLeftovers, mayHaveRetries: true };',
    tests: testsOf('test/promises/positions.integration.test.ts', 'while a run pauses'),
  },
  {
    promise: 'P7',
    what: 'A time later than the start of the read does not carry the watermark with it',
    file: 'shared/app/run/candidates.ts',
    find: 'if (modifiedAt <= startedAt) newest = later(newest, modifiedAt);',
    replace: 'newest = later(newest, modifiedAt);',
    tests: testsOf('test/promises/positions.integration.test.ts', 'a time in the future'),
  },
  {
    promise: 'P7',
    what: 'Rows of Sales without change tracking are read with an overlap, too',
    file: 'shared/adapters/dataverse/polledChanges.ts',
    find: 'shift(newest, -overlapMs)',
    replace: 'shift(newest, 1)',
    tests: testsOf(
      'shared/adapters/dataverse/readChanges.test.ts',
      'from three minutes before the newest row seen',
    ),
  },
  {
    promise: 'P12',
    what: 'The row of the job decides whether it is due, not a message',
    file: 'shared/app/jobs/tickJob.ts',
    find: 'if (isDue(entry, now)) {',
    replace: 'if (!isDue(entry, now)) {',
    tests: testsOf('shared/app/jobs/jobs.test.ts', 'hands a due job to the queue'),
  },
  {
    promise: 'P12',
    what: 'A run reads what changed since the watermark, whatever woke it',
    file: 'shared/app/run/candidates.ts',
    find: 'const modifiedFrom = isWhole ? null : readFrom(next.businessCentral);',
    replace:
      'const modifiedFrom = isWhole || next.businessCentral.newest === null ? null : ports.clock.now();',
    tests: testsOf('test/promises/everyRecord.integration.test.ts', 'finds what changed'),
  },
  {
    promise: 'P12',
    what: 'A message that meets a running run comes back later',
    file: 'shared/app/jobs/executeRun.ts',
    find: 'if (!isScheduled(run) || followedBy.length > 0) await ports.queue.send(message, busyDelaySeconds);',
    replace: '',
    tests: testsOf('shared/app/jobs/jobs.test.ts', 'that meets a running one gives way and comes back'),
  },
  {
    promise: 'P12',
    what: 'A job whose run died is started again by the next tick',
    file: 'shared/app/jobs/tickJob.ts',
    find: "if (!(await hasDied(ports, entry))) return 'notDue';",
    replace: "if (entry.status !== '') return 'notDue';",
    tests: testsOf(
      'shared/app/jobs/jobs.test.ts',
      'counts a run that died with its host as a failed attempt',
    ),
  },
  {
    promise: 'P12',
    what: 'The next run of a job is planned when the last one ends, without anybody asking',
    file: 'shared/domain/jobs/transitions.ts',
    find: 'return wokenMeanwhile(planned(finished, entry.statusBefore, idle, end), end);',
    replace: "return { ...finished, status: 'onHoldInactivity', earliestStart: shift(end.now, 1e12) };",
    tests: testsOf('shared/domain/jobs/transitions.test.ts', 'plans the next the frequency after the end'),
  },
];
