import { describe, expect, it } from 'vitest';
import { guidOf, thingMapping } from '../../../test/builders/records.ts';
import { runId } from '../../domain/common/ids.ts';
import { runTriggers } from '../../domain/logs/syncJob.ts';
import { runRequestFor } from './runRequest.ts';

const run = (trigger: (typeof runTriggers)[number], syncOnlyCoupled = true) =>
  runRequestFor(thingMapping({ syncOnlyCoupled }), { runId: runId(guidOf('a', 1)), trigger });

describe('the run of a job', () => {
  it.each(runTriggers)('forces nothing when it is started by %s (E-21)', (trigger) => {
    expect(run(trigger)).toMatchObject({ manner: 'judge', chosen: null });
  });

  it('keeps to coupled records where the mapping says so, a full synchronisation does not (E-20, E-137)', () => {
    expect([run('timer').onlyCoupled, run('timer', false).onlyCoupled]).toEqual([true, false]);
    expect(run('fullSync').onlyCoupled).toBe(false);
  });

  it('reads what changed, a full synchronisation everything (E-54)', () => {
    expect(runTriggers.filter((trigger) => run(trigger).fromScratch)).toEqual(['fullSync']);
  });
});
