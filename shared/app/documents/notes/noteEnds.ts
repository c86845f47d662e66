/** What became of notes. */

import type { PassDirection } from '../../../domain/common/directions.ts';
import type { NoteAction } from '../../../domain/documents/planNotes.ts';
import type { Counters } from '../../../domain/logs/syncJob.ts';
import { problem, type RecordProblem } from '../../../domain/sync/problems.ts';
import type { DeleteOutcome, WriteOutcome } from '../../../ports/writeOutcome.ts';

/** `written` false: both sides said the same already. */
export type NoteEnd<Action extends NoteAction = NoteAction> = { readonly action: Action } & (
  | { readonly status: 'done'; readonly written: boolean }
  | { readonly status: 'failed'; readonly problem: RecordProblem }
);

/** The end of a note that failed. */
export function failedNote<Action extends NoteAction>(
  action: Action,
  raised: RecordProblem,
): NoteEnd<Action> {
  return { action, status: 'failed', problem: raised };
}

/** In which direction an action writes. */
export function directionOf({ kind }: NoteAction): PassDirection {
  return kind === 'send' ? 'toDataverse' : 'toBusinessCentral';
}

/** Why a write of a note of this document did not succeed. */
export function noteProblem(
  code: 'insert-failed' | 'modify-failed' | 'delete-not-permitted',
  number: string,
  outcome: WriteOutcome<unknown> | DeleteOutcome | undefined,
): RecordProblem {
  switch (outcome?.status) {
    case 'refused': {
      const { kind, message: told, serviceCode } = outcome.problem;
      return problem(code, {
        message: `A note of ${number} was refused: ${told}`,
        kind,
        parameters: [serviceCode],
      });
    }
    case 'stale':
    case 'missing':
    case 'exists': {
      const message = `A note of ${number} changed while it was being copied; the next run reads it again.`;
      return problem('record-changed', { message });
    }
    default: {
      const message = `Whether a note of ${number} was written is not known; the next run looks.`;
      return problem('outcome-unknown', { message });
    }
  }
}

/** What the ends of one direction count; failures are counted where they are written down. */
export function countsOf(ends: readonly NoteEnd[]): Partial<Counters> {
  const done = ends.filter((end) => end.status === 'done');
  const count = (kind: NoteAction['kind'], written: boolean) =>
    done.filter((end) => end.action.kind === kind && end.written === written).length;
  return {
    inserted: count('send', true) + count('copy', true),
    modified: count('replace', true),
    unchanged: count('send', false) + count('copy', false) + count('replace', false),
  };
}
