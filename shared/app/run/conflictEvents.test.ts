/** What telemetry tells of conflicts: numbers, and no record (J-115). */
import { describe, expect, it } from 'vitest';
import { memoryPorts } from '../../../test/builders/ports.ts';
import { coupled, record, row, thingMapping } from '../../../test/builders/records.ts';
import { runId } from '../../domain/common/ids.ts';
import { problem } from '../../domain/sync/problems.ts';
import type { AppliedAction } from './applyActions.ts';
import { logConflicts } from './conflictEvents.ts';

const mapping = thingMapping();
const ours = record({ displayName: 'Secret Ltd.' });
const pair = { businessCentral: ours, dataverse: null, coupling: coupled(mapping, ours, row({})) };
const base = { pass: 'toDataverse', pair, name: 'Secret Ltd.' } as const;
const end = (action: object, more: object) =>
  ({ ...more, action: { ...base, ...action } }) as unknown as AppliedAction;
const failed = (code: 'update-conflict' | 'coupled-record-deleted' | 'insert-failed') =>
  end({ kind: 'fail' }, { status: 'failed', problem: problem(code, { message: 'Secret Ltd. differs.' }) });

function logged(ends: readonly AppliedAction[]) {
  const events: { level: string; event: string; details: object }[] = [];
  const ports = { ...memoryPorts().ports };
  const log: typeof ports.log = (level, event, details) => void events.push({ level, event, details });
  const request = { runId: runId('01940000-0000-7000-8000-000000000001') };
  const scope = { mapping, request, ports: { ...ports, log } } as Parameters<typeof logConflicts>[0]['scope'];
  logConflicts({ scope, pass: 'toDataverse' }, ends);
  return events;
}

describe('a page', () => {
  it('tells how many records are in conflict and what became of them, without naming one (J-115)', () => {
    const events = logged([
      failed('update-conflict'),
      failed('update-conflict'),
      failed('coupled-record-deleted'),
      end({ kind: 'skip', code: 'conflict-lost', reason: '' }, { status: 'left' }),
      end({ kind: 'uncouple', code: 'removed', reason: '' }, { status: 'uncoupled' }),
      end({ kind: 'insert' }, { status: 'done', kind: 'insert' }),
    ]);
    expect(
      events.map(({ level, event, details }) => [level, event, (details as { records: number }).records]),
    ).toEqual([
      ['warning', 'update-conflict-open', 2],
      ['information', 'update-conflict-decided', 1],
      ['warning', 'deletion-conflict-open', 1],
      ['information', 'deletion-conflict-uncoupled', 1],
      ['information', 'deletion-conflict-restored', 1],
    ]);
    expect(JSON.stringify(events)).not.toContain('Secret');
    expect(events[0]?.details).toMatchObject({ mapping: 'THING', direction: 'toDataverse' });
  });

  it('without conflicts tells nothing', () => {
    const fresh = end(
      { kind: 'insert', pair: { ...pair, coupling: null } },
      { status: 'done', kind: 'insert' },
    );
    expect(logged([failed('insert-failed'), fresh])).toEqual([]);
  });
});
