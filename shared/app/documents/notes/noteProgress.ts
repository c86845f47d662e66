/** How far notes have been read, in the state of their job. */
import { z } from 'zod';
import { type Instant, instant, later, shift } from '../../../domain/common/instants.ts';
import { advanced, type Watermark } from '../../../domain/sync/watermark.ts';
import type { MappingState } from '../../../ports/mappingStore.ts';

/** All notes of coupled orders are looked at once anyway; from when on the first run reads changes, too, need not be exact. */
const firstReachMs = 24 * 3_600_000;

export interface NoteProgress {
  readonly businessCentral: Watermark;
  readonly sales: Watermark;
  /** When deleted Sales notes were looked for last; null = never. */
  readonly comparedAt: Instant | null;
}

const at = z.iso.datetime().transform(instant).nullable();
const position = z.object({ newest: at, settledUntil: at, readAt: at, comparedAt: at });

/** Reads the state; what is of no known form counts as never written. */
export function noteProgress(state: MappingState, now: Instant): NoteProgress {
  const stored = position.safeParse(parsed(state.dataversePosition));
  const { comparedAt, ...sales } = stored.success
    ? stored.data
    : { newest: shift(now, -firstReachMs), settledUntil: null, readAt: null, comparedAt: null };
  const businessCentral = {
    newest: state.businessCentralWatermark,
    settledUntil: state.businessCentralSettledUntil,
    readAt: state.businessCentralReadAt,
  };
  return { businessCentral, sales, comparedAt };
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** The progress as the state remembers it. */
export function stateOf({ businessCentral, sales, comparedAt }: NoteProgress): Partial<MappingState> {
  return {
    businessCentralWatermark: businessCentral.newest,
    businessCentralSettledUntil: businessCentral.settledUntil,
    businessCentralReadAt: businessCentral.readAt,
    dataversePosition: JSON.stringify({ ...sales, comparedAt }),
    dataversePositionAt: sales.newest,
  };
}

/** After some notes of Business Central, in order of modification: a run that pauses goes on from there. */
export function partlyRead(before: NoteProgress, newest: Instant | null): NoteProgress {
  const { businessCentral } = before;
  return {
    ...before,
    businessCentral: { ...businessCentral, newest: later(businessCentral.newest, newest) },
  };
}

/**
 * After all changed notes of one side, in a read that began at `startedAt` with the watermark `opened`. The time of the read that
 * met the newest note first is kept: this job runs more often than writes take to be seen, and would read the same notes for good.
 */
export function fullyRead(
  before: NoteProgress,
  side: 'businessCentral' | 'sales',
  opened: Watermark,
  newest: Instant | null,
  startedAt: Instant,
): NoteProgress {
  const isSame = newest !== null && newest === opened.newest && opened.readAt !== null;
  const readAt = isSame ? opened.readAt : startedAt;
  return { ...before, [side]: { ...advanced(opened, newest, startedAt), readAt } };
}
