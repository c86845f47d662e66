/** The review of a full synchronisation: one line per table mapping (E-133, A-80). */
import type { MappingName, RunId } from '../common/ids.ts';
import type { Instant } from '../common/instants.ts';

/** `couple`: records of both sides are matched before others are created; `none`: there is nothing to synchronise. */
export const recommendations = ['full', 'couple', 'none'] as const;
export type Recommendation = (typeof recommendations)[number];

/** E-139. `notStarted` is Business Central's blank status, `waiting`: runs before it have not ended. */
export const lineStatuses = ['notStarted', 'waiting', 'inProcess', 'finished', 'error'] as const;
export type LineStatus = (typeof lineStatuses)[number];

/** How one direction went; `error` as soon as one record failed (E-139, A-83). */
export const directionStatuses = ['notRun', 'inProcess', 'success', 'error'] as const;
export type DirectionStatus = (typeof directionStatuses)[number];

/** The run that synchronises a line. */
export interface LineRun {
  readonly runId: RunId;
  readonly requestedAt: Instant;
  /** Null until the run has ended. */
  readonly outcome: 'finished' | 'error' | null;
  /** A user asked that later runs create counterparts, too, and that has not been done yet (E-141, A-86). */
  readonly keepsCreatingNew: boolean;
}

/** What is remembered of one mapping; how far its run is, the log and the job tell. */
export interface ReviewLine {
  readonly mapping: MappingName;
  /** Set by a user, who knows better than the counts (E-134); null = as counted. */
  readonly chosen: Recommendation | null;
  /** What was counted when the review was last shown before the start; null when it was not shown. */
  readonly counted: Recommendation | null;
  /** Null before the start. */
  readonly run: LineRun | null;
}

/** The whole review; mappings without a line have neither been started nor decided on. */
export type Review = readonly ReviewLine[];

/** The line of a mapping, a blank one when nothing is remembered. */
export function lineOf(review: Review, mapping: MappingName): ReviewLine {
  return (
    review.find((line) => line.mapping === mapping) ?? { mapping, chosen: null, counted: null, run: null }
  );
}

/** The review with these lines in the place of what was remembered of their mappings. */
export function withLines(review: Review, lines: readonly ReviewLine[]): Review {
  const replaced = new Set(lines.map(({ mapping }) => mapping));
  return [...review.filter(({ mapping }) => !replaced.has(mapping)), ...lines];
}

/**
 * What a line shows: the user's choice, else what was counted. A line that was started without being counted, or though
 * nothing was there then, was run in full.
 */
export function shownRecommendation({ chosen, counted, run }: ReviewLine): Recommendation {
  if (chosen !== null) return chosen;
  if (counted === null || (run !== null && counted === 'none')) return 'full';
  return counted;
}

/** The review in which the run of a line has ended; unchanged when it is no run of the review, or told already. */
export function withOutcome(review: Review, runId: RunId, outcome: 'finished' | 'error'): Review {
  const line = review.find(({ run }) => run?.runId === runId);
  if (!line?.run || line.run.outcome !== null) return review;
  return withLines(review, [{ ...line, run: { ...line.run, outcome, keepsCreatingNew: false } }]);
}

/** The lines of these runs whose wish to keep creating has not been carried out. */
export function linesToKeepCreating(review: Review, runs: readonly RunId[]): Review {
  return review.filter(({ run }) => run?.keepsCreatingNew === true && runs.includes(run.runId));
}

/** The review in which the wish of these lines to keep creating has been carried out. */
export function withoutWish(review: Review, lines: Review): Review {
  return withLines(
    review,
    lines.map((line) => ({ ...line, run: line.run && { ...line.run, keepsCreatingNew: false } })),
  );
}
