/** How far notes have been read, in the state of their job. */
import { z } from 'zod';
import { type Instant, instant, later, shift } from '../../../domain/common/instants.ts';
import { advanced, type Watermark } from '../../../domain/sync/watermark.ts';
import type { MappingState } from '../../../ports/mappingStore.ts';

/** Notes of Sales are stamped when a write begins and seen up to two minutes later (dataverse-web-api section 7). */
const overlapMs = 180_000;
/** The first run looks at all notes of coupled orders anyway; from when on it also reads changes need not be exact. */
const firstReachMs = 24 * 3_600_000;

export interface NoteProgress {
  readonly businessCentral: Watermark;
  /** Sales notes modified from then on are read. */
  readonly salesFrom: Instant;
  /** When deleted Sales notes were looked for last; null = never. */
  readonly comparedAt: Instant | null;
}

const position = z.object({
  salesFrom: z.iso.datetime().transform(instant),
  comparedAt: z.iso.datetime().transform(instant).nullable(),
});

/** Reads the state; what is of no known form counts as never written. */
export function noteProgress(state: MappingState, now: Instant): NoteProgress {
  const stored = position.safeParse(parsed(state.dataversePosition));
  const first = { salesFrom: shift(now, -firstReachMs), comparedAt: null };
  return {
    businessCentral: {
      newest: state.businessCentralWatermark,
      settledUntil: state.businessCentralSettledUntil,
      readAt: state.businessCentralReadAt,
    },
    ...(stored.success ? stored.data : first),
  };
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** The progress as the state remembers it. */
export function stateOf({ businessCentral, salesFrom, comparedAt }: NoteProgress): Partial<MappingState> {
  return {
    businessCentralWatermark: businessCentral.newest,
    businessCentralSettledUntil: businessCentral.settledUntil,
    businessCentralReadAt: businessCentral.readAt,
    dataversePosition: JSON.stringify({ salesFrom, comparedAt }),
    dataversePositionAt: salesFrom,
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

/** After all of them, in a read that began at `startedAt`. */
export function fullyRead(before: NoteProgress, opened: Watermark, startedAt: Instant): NoteProgress {
  return { ...before, businessCentral: advanced(opened, before.businessCentral.newest, startedAt) };
}

/** After all changed Sales notes. */
export function salesRead(before: NoteProgress, newest: Instant | null): NoteProgress {
  if (newest === null) return before;
  return { ...before, salesFrom: later(before.salesFrom, shift(newest, -overlapMs)) ?? before.salesFrom };
}
