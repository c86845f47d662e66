/** P1: no update of a user is lost. */
import { type Protection, testsOf } from '../protection.ts';

const planTests = 'shared/domain/sync/plan.test.ts';
const convergenceTests = 'shared/domain/sync/convergence.property.test.ts';
const brokenCreates = 'test/promises/brokenCreates.integration.test.ts';
const faultTests = 'test/engine/faults.integration.test.ts';

export const updateProtections: readonly Protection[] = [
  {
    promise: 'P1',
    what: 'A field changed on both sides to different values is a conflict',
    file: 'shared/domain/sync/merge.ts',
    find: 'if (sourceChanged && targetChanged) return decideConflict(difference);',
    replace: '',
    tests: testsOf(planTests, 'reports different edits of the same field as conflict in both passes'),
  },
  {
    promise: 'P1',
    what: 'A field that only the target changed is left to the pass of the other direction',
    file: 'shared/domain/sync/merge.ts',
    find: "return sourceChanged ? 'write' : 'wait';",
    replace: "return 'write';",
    tests: testsOf(planTests, 'leaves a change of the other side to the other pass'),
  },
  {
    promise: 'P1',
    what: 'The base is renewed for agreed fields only, so that a waiting edit is still seen as one',
    file: 'shared/domain/sync/settle.ts',
    find: 'mapping.fields.filter((candidate) => settled.has(candidate.id))',
    replace: 'mapping.fields',
    tests: testsOf(convergenceTests, 'reach agreement or an open conflict within two runs'),
  },
  {
    promise: 'P1',
    what: 'An update of a row carries the etag the decision was made on',
    file: 'shared/adapters/dataverse/writeRows.ts',
    find: "condition: { 'If-Match': etag }",
    replace: "condition: { 'If-Match': etag && '*' }",
    tests: testsOf('shared/adapters/dataverse/writeRows.test.ts', 'guards every update by its etag'),
  },
  {
    promise: 'P1',
    what: 'An update of a Business Central record carries the etag the decision was made on',
    file: 'shared/adapters/businessCentral/steps.ts',
    find: "headers: { 'If-Match': etag },",
    replace: "headers: { 'If-Match': '*' },",
    tests: testsOf('shared/adapters/businessCentral/updates.test.ts', 'sends the etag read'),
  },
  {
    promise: 'P1',
    what: 'A companion value that somebody changed after the main write is not overwritten',
    file: 'shared/adapters/businessCentral/writeSteps.ts',
    find: "progress.outcome = { status: 'stale' };\n    return;",
    replace: '',
    tests: testsOf(
      'shared/adapters/businessCentral/updates.test.ts',
      'does not overwrite a companion value that somebody changed',
    ),
  },
  {
    promise: 'P1',
    what: 'An update that met a newer version is read and merged again in the same run',
    file: 'shared/app/run/applyActions.ts',
    find: "['stale', 'exists', 'unknown', 'missing']",
    replace: "['exists', 'unknown', 'missing']",
    tests: testsOf(faultTests, 'is read and merged again, and the user keeps what was typed meanwhile'),
  },
  {
    promise: 'P1',
    what: 'A row of ours that a user edited before it was coupled is merged, not overwritten',
    file: 'shared/app/run/secondLook.ts',
    find: 'if (row === null || ours === null || row.modifiedBy === scope.identity.userId) return null;',
    replace: 'if (row !== null || ours === null || row === null) return null;',
    tests: testsOf(brokenCreates, 'keeps what a user typed into the row'),
  },
  {
    promise: 'P1',
    what: 'Where nobody knows what a row of ours had when it was made, a difference is a conflict',
    file: 'shared/app/run/secondLook.ts',
    find: "if (String(row.values['createdon'] ?? '') < ours.modifiedAt) return {};",
    replace: '',
    tests: testsOf(brokenCreates, 'is an open conflict when users changed both records'),
  },
  {
    promise: 'P1',
    what: 'A recognised create merges from what it sent, so that later edits of either side survive',
    file: 'shared/app/run/planActions.ts',
    find: 'assumedBase: base })',
    replace: 'assumedBase: base && null })',
    tests: testsOf(brokenCreates, 'keeps what users typed into the customer and into its account'),
  },
  {
    promise: 'P1',
    what: 'A new record that lacks values sent with it fails until they are there',
    file: 'shared/app/run/recordOutcomes.ts',
    find: 'const unapplied = unappliedFields(scope.mapping, pass, sent, stored.values);',
    replace: 'const unapplied = unappliedFields(scope.mapping, pass, {}, stored.values) && sent && [];',
    tests: testsOf(brokenCreates, 'is sent them again'),
  },
];
