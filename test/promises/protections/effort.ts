/** P10: effort is bounded. P11: one bad record never holds up the others. */
import { type Protection, testsOf } from '../protection.ts';

const repeatingTests = 'shared/adapters/http/repeating.test.ts';
const batchTests = 'shared/adapters/dataverse/batch.test.ts';
const outcomeTests = 'shared/adapters/businessCentral/outcomes.test.ts';

export const effortProtections: readonly Protection[] = [
  {
    promise: 'P10',
    what: 'A Retry-After holds back every request of the identity',
    file: 'shared/adapters/http/transport.ts',
    find: 'if (refusal.retryAfterMs !== null) gate.holdUntil(options.now() + refusal.retryAfterMs);',
    replace: 'if (refusal.retryAfterMs !== null) return refusal.retryAfterMs;',
    tests: testsOf(repeatingTests, 'holds back others when it comes with 503'),
  },
  {
    promise: 'P10',
    what: 'A longer Retry-After is not shortened by a later one',
    file: 'shared/adapters/http/gate.ts',
    find: 'opensAt = Math.max(opensAt, epochMs);',
    replace: 'opensAt = epochMs;',
    tests: testsOf(repeatingTests, 'is not shortened by a later, shorter one'),
  },
  {
    promise: 'P10',
    what: 'A request is sent a bounded number of times',
    file: 'shared/adapters/http/transport.ts',
    find: 'if (attempt >= retry.attempts || ',
    replace: 'if (attempt >= retry.attempts + 1 || ',
    tests: testsOf(repeatingTests, 'gives up after six attempts'),
  },
  {
    promise: 'P10',
    what: 'No more requests are under way at once than the service allows',
    file: 'shared/adapters/http/transport.ts',
    find: 'return limit(() => sendUntilDecided({ options, gate, renew, request, meter }));',
    replace: 'return limit && sendUntilDecided({ options, gate, renew, request, meter });',
    tests: testsOf(
      'shared/adapters/http/transport.test.ts',
      'keeps to the number of requests under way at once',
    ),
  },
  {
    promise: 'P10',
    what: 'A run stops after the page at which its time slice is used up',
    file: 'shared/app/run/runPass.ts',
    find: 'return !request.dryRun && ports.clock.now() >= sliceEnd;',
    replace: 'return !request.dryRun && ports.clock.now() < sliceEnd && false;',
    tests: testsOf('test/engine/slices.integration.test.ts', 'is one page of 20 customers per invocation'),
  },
  {
    promise: 'P11',
    what: 'A batch that Dataverse refuses as a whole is split until the guilty record is found',
    file: 'shared/adapters/dataverse/batch.ts',
    find: 'if (!mode.writes || !isRefusalOfContent(failure)) throw failure;',
    replace: 'if (mode) throw failure;',
    tests: testsOf(batchTests, 'is split until the guilty record is found (P11)'),
  },
  {
    promise: 'P11',
    what: 'A batch that Business Central refuses as a whole is split until the guilty record is found',
    file: 'shared/adapters/businessCentral/batch.ts',
    find: 'if (isPoisoned(failure) && operations.length > 1) return sendHalves(client, route, operations, mode);',
    replace: '',
    tests: testsOf(outcomeTests, 'is a refusal only for the record a poisoned batch was refused for (P11)'),
  },
  {
    promise: 'P11',
    what: 'Parts after one that failed are carried out, too',
    file: 'shared/adapters/dataverse/batch.ts',
    find: 'while (answers.length < parts.length) {',
    replace: 'if (answers.length < parts.length) {',
    tests: testsOf(batchTests, 'keeps the answers there are and gets the parts after it again'),
  },
  {
    promise: 'P11',
    what: 'A record that cannot be read is left out, and the others of its page are kept',
    file: 'shared/adapters/businessCentral/rows.ts',
    find: 'if (!parsed.success) {',
    replace: "if (!parsed.success) {\n    if (set) throw new RangeError('unreadable');",
    tests: testsOf('shared/adapters/businessCentral/reads.test.ts', 'leaves an unreadable record out'),
  },
];
