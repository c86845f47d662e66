import { describe, expect, it } from 'vitest';
import { guidOf, record, row, thingMapping } from '../../../test/builders/records.ts';
import { readingPorts } from '../../../test/builders/services.ts';
import { type PassDirection, passDirections } from '../../domain/common/directions.ts';
import { businessCentralId, runId } from '../../domain/common/ids.ts';
import { instant } from '../../domain/common/instants.ts';
import { runRequestFor } from '../jobs/runRequest.ts';
import { type NextPosition, readCandidates } from './candidates.ts';
import { meteredPorts, openRunScope, type RunRequest } from './runScope.ts';

const mapping = thingMapping({
  businessCentral: { ...thingMapping().businessCentral, filter: "city eq 'Oslo'" },
});
const inside = record({ number: '1', city: 'Oslo' }, 1);
const outside = {
  ...record({ number: '2', city: 'Bergen' }, 2),
  modifiedAt: instant('2026-01-31T09:59:00Z'),
};
const tooNew = { ...record({ number: '3', city: 'Oslo' }, 3), modifiedAt: instant('2026-01-31T10:30:00Z') };
const ours = { ...inside, modifiedAt: instant('2026-01-31T09:58:00Z') };
const theirs = row({ name: 'A' }, 1);

function startPosition(): NextPosition {
  const newest = instant('2026-01-31T08:00:00Z');
  return {
    businessCentral: { newest, settledUntil: null, readAt: null },
    dataverse: 'token-1',
    tokenExpired: false,
  };
}

async function read(pass: PassDirection, changes: Partial<RunRequest> = {}) {
  const { ports, asked } = readingPorts({ records: [ours, outside, tooNew], rows: [theirs] });
  const { state } = await ports.mappings.get(mapping.name);
  const run = { runId: runId(guidOf('a', 1)), trigger: 'timer' } as const;
  const request = { ...runRequestFor(mapping, run), ...changes };
  const scope = await openRunScope(
    meteredPorts(ports),
    [mapping],
    mapping,
    request,
    { state, lease: null },
    async () => {},
  );
  const next = startPosition();
  const pages = [];
  for await (const page of readCandidates(scope, pass, next, null)) pages.push(page);
  return { asked, next, records: pages.flatMap((page) => page.records) };
}

describe('the candidates of a pass', () => {
  it('are those changed since the watermark of their own side, never of the other (E-2)', async () => {
    const there = await read('toDataverse');
    expect(there.asked.businessCentral.map(({ modifiedFrom }) => modifiedFrom)).toEqual([
      '2026-01-31T07:50:00.000Z',
    ]);
    expect(there.asked.dataverse).toEqual([]);
    const back = await read('toBusinessCentral');
    expect(back.asked.dataverse.map(({ position }) => position)).toEqual(['token-1']);
    expect(back.asked.businessCentral).toEqual([]);
  });

  it('move only the watermark of their own side (E-2)', async () => {
    const there = await read('toDataverse');
    expect(there.next.dataverse).toBe('token-1');
    const back = await read('toBusinessCentral');
    expect(back.next).toEqual({ ...startPosition(), dataverse: 'token-2' });
  });

  it('count for the watermark whatever becomes of them, but not beyond the start of the pass (E-22, E-49)', async () => {
    const { records, next } = await read('toDataverse');
    expect(records).toHaveLength(3);
    expect(next.businessCentral.newest).toBe('2026-01-31T09:59:00.000Z');
  });

  it.each(passDirections)(
    '%s that are named by id are read whatever the watermark says, and move none (E-165)',
    async (pass) => {
      const chosen = {
        businessCentral: [businessCentralId(guidOf('b', 1))],
        dataverse: [theirs.id],
        withinFilter: true,
      };
      const { asked, next, records } = await read(pass, { chosen });
      expect(records).toEqual(pass === 'toDataverse' ? [ours] : [theirs]);
      expect([asked.businessCentral, asked.dataverse]).toEqual([[], []]);
      expect(next).toEqual(startPosition());
    },
  );
});
