import { describe, expect, it } from 'vitest';
import { memoryComposition, testNow } from '../../composition/testing/memoryComposition.ts';
import { mappingName } from '../../domain/common/ids.ts';
import { zeroCounters } from '../../domain/logs/syncJob.ts';
import { takeLease } from '../run/lease.ts';
import { type CodeJob, finishCodeJobRow, openCodeJobRow } from './codeJob.ts';
import { runCodeJob } from './runCodeJob.ts';

const name = mappingName('CUSTOMER STATISTICS');

function begin() {
  const { ports } = memoryComposition();
  const run = { job: name, runId: ports.ids.runId(testNow), trigger: 'manual' } as const;
  const stateNow = async () => (await ports.mappings.get(name)).state;
  return { ports, run, stateNow, runJob: (job: CodeJob) => runCodeJob(ports, [], run, job) };
}

describe('the run of a job without a mapping', () => {
  it('writes its rows under the job’s own name and remembers what the job says (J-80)', async () => {
    const { ports, run, stateNow, runJob } = begin();
    const result = await runJob(async (scope) => {
      const row = await openCodeJobRow(scope, 'toDataverse');
      const finished = await finishCodeJobRow(scope, row, { ...zeroCounters, modified: 2 }, 'All done.');
      return { status: 'done', syncJobs: [finished], state: { businessCentralWatermark: testNow } };
    });
    expect(result).toMatchObject({ status: 'done', syncJobs: [{ counts: { modified: 2 } }] });
    const page = await ports.logs.listSyncJobs({ mapping: name }, { top: 10, continuation: null });
    expect(page.rows).toMatchObject([{ runId: run.runId, job: name, mapping: name, finishedAt: testNow }]);
    expect(await stateNow()).toMatchObject({ businessCentralWatermark: testNow, lease: { owner: '' } });
  });

  it('is under one lease: a second run finds it busy and calls no code (J-26)', async () => {
    const { ports, runJob } = begin();
    await takeLease(ports, name, 'another run');
    let calls = 0;
    const job: CodeJob = async () => {
      calls += 1;
      return { status: 'done', syncJobs: [] };
    };
    expect(await runJob(job)).toEqual({ status: 'busy' });
    expect(calls).toBe(0);
  });

  it('gives the lease up when the job raises, and remembers nothing of it', async () => {
    const { stateNow, runJob } = begin();
    const failing = runJob(async () => {
      throw new Error('It failed.');
    });
    await expect(failing).rejects.toThrow('It failed.');
    expect(await stateNow()).toMatchObject({ businessCentralWatermark: null, lease: { owner: '' } });
  });
});
