/** Recommendations, statuses and memory of the full synchronisation review (E-133 to E-140). */
import { describe, expect, it } from 'vitest';
import { thingMapping } from '../../../test/builders/records.ts';
import { mappingName, runId, syncJobId } from '../common/ids.ts';
import { instant } from '../common/instants.ts';
import { type SyncJob, zeroCounters } from '../logs/syncJob.ts';
import { defaultMappings, findMapping } from '../mappings/catalog.ts';
import { directionStatus, isSilent, type LineFacts, lineStatus } from './lineProgress.ts';
import { recommendationBasis, recommendBySides, recommendCurrency } from './recommend.ts';
import { type ReviewLine, shownRecommendation, withOutcome } from './review.ts';

const guidOf = (number: number) => `00000000-0000-7000-8000-00000000000${number}`;
const at = instant('2026-01-31T10:00:00Z');
const run = { runId: runId(guidOf(1)), requestedAt: at, outcome: null, keepsCreatingNew: false };
const both = thingMapping({ direction: 'both' });

function row(direction: SyncJob['direction'], more: Partial<SyncJob> = {}): SyncJob {
  return {
    id: syncJobId(guidOf(9)),
    runId: run.runId,
    job: both.name,
    mapping: both.name,
    type: 'synchronization',
    direction,
    trigger: 'fullSync',
    startedAt: at,
    finishedAt: at,
    message: '',
    counts: zeroCounters,
    requests: { businessCentral: 0, dataverse: 0 },
    ...more,
  };
}

function facts(more: Partial<LineFacts> = {}): LineFacts {
  return { run, syncJobs: [], entry: null, isHolding: false, isKeptWaiting: false, ...more };
}

describe('a recommendation', () => {
  it('is by what both sides have: nothing, couple, or full where one side is empty (E-134)', () => {
    const of = (businessCentral: boolean, dataverse: boolean) =>
      recommendBySides({ businessCentral, dataverse });
    expect([of(false, false), of(true, true), of(true, false), of(false, true)]).toEqual([
      'none',
      'couple',
      'full',
      'full',
    ]);
  });

  it('of options asks Business Central alone (E-134)', () => {
    expect(recommendBySides({ businessCentral: true, dataverse: null })).toBe('couple');
    expect(recommendBySides({ businessCentral: false, dataverse: null })).toBe('none');
  });

  it('of currencies is full while Sales has its base currency alone (E-134)', () => {
    expect(recommendCurrency([1])).toBe('full');
    expect(recommendCurrency([1, 0.8])).toBe('couple');
    expect(recommendCurrency([0.8])).toBe('couple');
  });

  it('looks at each default mapping as its rule says (E-134)', () => {
    const mappings = defaultMappings('person');
    const basis = (name: string) => recommendationBasis(findMapping(mappings, mappingName(name)));
    expect(basis('SALESPEOPLE')).toBe('nothing');
    expect(basis('CURRENCY')).toBe('baseCurrency');
    expect(basis('PAYMENT TERMS')).toBe('businessCentral');
    expect(basis('UNIT OF MEASURE')).toBe('unitGroups');
    expect(basis('CUSTOMER')).toBe('bothSides');
    const grouped = defaultMappings('person', { unitGroups: true });
    expect(recommendationBasis(findMapping(grouped, mappingName('ITEM UOM')))).toBe('unitGroups');
  });

  it('that is shown is the user’s choice before what was counted, and full for what was run uncounted (E-134)', () => {
    const line: ReviewLine = { mapping: both.name, chosen: null, counted: 'couple', run: null };
    expect(shownRecommendation(line)).toBe('couple');
    expect(shownRecommendation({ ...line, chosen: 'full' })).toBe('full');
    expect(shownRecommendation({ ...line, counted: 'none' })).toBe('none');
    expect(shownRecommendation({ ...line, counted: 'none', run })).toBe('full');
  });
});

describe('the status of a line', () => {
  it('goes from not started over waiting and in process to finished (E-139)', () => {
    const half = [row('toDataverse')];
    expect(lineStatus(facts({ run: null }), both)).toBe('notStarted');
    expect(lineStatus(facts(), both)).toBe('waiting');
    expect(lineStatus(facts({ isHolding: true }), both)).toBe('inProcess');
    expect(lineStatus(facts({ syncJobs: half, isHolding: true }), both)).toBe('inProcess');
    expect(lineStatus(facts({ syncJobs: [...half, row('toBusinessCentral')] }), both)).toBe('finished');
  });

  it('is an error when the run broke off, never because of records that failed (E-139)', () => {
    expect(lineStatus(facts({ syncJobs: [row('toDataverse')] }), both)).toBe('error');
    expect(lineStatus(facts({ entry: 'error' }), both)).toBe('error');
    const failed = { counts: { ...zeroCounters, failed: 3 } };
    const rows = [row('toDataverse', failed), row('toBusinessCentral')];
    expect(lineStatus(facts({ syncJobs: rows }), both)).toBe('finished');
    expect(directionStatus('finished', rows, 'toDataverse')).toBe('error');
    expect(directionStatus('finished', rows, 'toBusinessCentral')).toBe('success');
  });

  it('of a direction without a row is not run, and of an unfinished row depends on the run (E-139)', () => {
    expect(directionStatus('finished', [], 'toDataverse')).toBe('notRun');
    const open = [row('toDataverse', { finishedAt: null })];
    expect(directionStatus('inProcess', open, 'toDataverse')).toBe('inProcess');
    expect(directionStatus('error', open, 'toDataverse')).toBe('error');
  });

  it('counts a full synchronisation as lost after ten minutes without a sign of life (E-140)', () => {
    const lines = [
      facts(),
      facts({ syncJobs: [row('toDataverse', { startedAt: instant('2026-01-31T10:20:00Z') })] }),
    ];
    expect(isSilent(lines, instant('2026-01-31T10:29:00Z'))).toBe(false);
    expect(isSilent(lines, instant('2026-01-31T10:31:00Z'))).toBe(true);
    expect(isSilent([facts({ isKeptWaiting: true })], instant('2026-01-31T11:00:00Z'))).toBe(false);
    expect(isSilent([], at)).toBe(false);
  });

  it('keeps the first outcome that is told of its run, and no outcome of another run', () => {
    const line: ReviewLine = { mapping: both.name, chosen: null, counted: null, run };
    const ended = withOutcome([line], run.runId, 'error');
    expect(ended[0]?.run?.outcome).toBe('error');
    expect(withOutcome(ended, run.runId, 'finished')).toBe(ended);
    expect(withOutcome([line], runId(guidOf(2)), 'error')).toEqual([line]);
  });
});
