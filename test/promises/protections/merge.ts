/** P3: two runs reach agreement or an open conflict. P4: after that a run writes nothing. */
import { type Protection, testsOf } from '../protection.ts';

const convergenceTests = 'shared/domain/sync/convergence.property.test.ts';
const converge = testsOf(convergenceTests, 'reach agreement or an open conflict within two runs');
const changedTests = 'shared/domain/sync/outcome.test.ts';
const waitingTests = 'shared/domain/sync/settle.test.ts';

export const mergeProtections: readonly Protection[] = [
  {
    promise: 'P3',
    what: 'A pair matched with values left to the other pass stays pending until that pass has written them',
    file: 'shared/domain/sync/settle.ts',
    find: "input.waitingFields.length > 0 ? 'pending' : 'synchronized'",
    replace: "'synchronized'",
    tests: testsOf(waitingTests, 'stays pending'),
  },
  {
    promise: 'P3',
    what: 'The base of a waiting field says which side has to be written from',
    file: 'shared/domain/sync/settle.ts',
    find: '...waitingBase(input), ',
    replace: '',
    tests: testsOf(waitingTests, 'is written by the pass of the other direction'),
  },
  {
    promise: 'P3',
    what: 'Pairs that wait for a pass are read by it, changed since the watermark or not',
    file: 'shared/app/run/candidates.ts',
    find: "return result === 'failure' || (coupling.state === 'pending' && result === undefined);",
    replace: "return result === 'failure';",
    tests: testsOf('test/promises/everyRecord.integration.test.ts', 'is synchronised by the next run'),
  },
  {
    promise: 'P3',
    what: 'The last attempt having failed counts as a change, so that it is repeated',
    file: 'shared/domain/sync/changed.ts',
    find: "if (base === null || result === 'failure' || (coupling.state === 'pending' && result === undefined))\n    return true;",
    replace: 'if (base === null) return true;',
    tests: testsOf(changedTests, 'is yes when the last attempt in this direction failed'),
  },
  {
    promise: 'P4',
    what: 'The base is renewed after a write of our own, so that it is no change of the other side',
    file: 'shared/domain/sync/settle.ts',
    find: 'base: renewedBase(input),',
    replace: 'base: coupling?.base ?? renewedBase(input),',
    tests: converge,
  },
  {
    promise: 'P4',
    what: 'The base is made from the record as the service stored it, not as it was read before',
    file: 'shared/app/run/applyActions.ts',
    find: "pass === 'toDataverse' ? (stored as DataverseRow) : pair.dataverse;",
    replace: 'pair.dataverse;',
    tests: testsOf('test/engine/merge.integration.test.ts', 'both survive, in one run (P1)'),
  },
  {
    promise: 'P4',
    what: 'What the target holds already is not written',
    file: 'shared/domain/sync/mergeFields.ts',
    find: 'if (holdsAlready(field, pass, transfer.value, target[key], lookups)) {',
    replace: 'if (holdsAlready(field, pass, transfer.value, undefined, lookups)) {',
    tests: testsOf('shared/domain/sync/plan.test.ts', 'takes equal edits of the same field for agreement'),
  },
  {
    promise: 'P4',
    what: 'A change is judged by value: a touch without one is none',
    file: 'shared/domain/sync/changed.ts',
    find: 'changedSinceBase(digest, id, base[id], side, value) !== false;',
    replace: 'changedSinceBase(digest, id, base[id], side, value) !== undefined;',
    tests: testsOf(changedTests, 'is judged by value: a touch without a change is none'),
  },
  {
    promise: 'P4',
    what: 'Each side has a base of its own where the two write one value differently',
    file: 'shared/domain/sync/digests.ts',
    find: 'return { businessCentral: ours, dataverse: digestValue(digest, fieldId, dataverse) };',
    replace: 'return { businessCentral: ours };',
    tests: testsOf(convergenceTests, 'lose no value: what one side alone changed'),
  },
  {
    promise: 'P4',
    what: 'Values of the entity rule that the target holds already are not written',
    file: 'shared/domain/sync/plannedValues.ts',
    find: '!isSame(plainValue(value), current[key] ?? null),',
    replace: 'plainValue(value) !== undefined,',
    tests: testsOf('shared/domain/sync/plan.test.ts', 'are not written when they are there already'),
  },
];
