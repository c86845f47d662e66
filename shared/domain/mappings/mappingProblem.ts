/** Problems of table mappings: a code, where it is, and what is wrong (sync-engine section 14, scope config). */

/** Codes of the checks over mappings that are well-formed. */
export const mappingProblemCodes = [
  'circular-dependency',
  'constant-bad-value',
  'constant-missing',
  'constant-needs-direction',
  'dependency-missing',
  'direction-needs-field',
  'duplicate-field-id',
  'duplicate-target',
  'entity-set-not-found',
  'filter-unreadable',
  'match-on-constant',
  'name-taken',
  'not-null-only-guid',
  'not-null-vs-clear',
  'option-not-bidirectional',
  'property-not-found',
  'property-read-only',
  'related-mapping-missing',
  'rule-not-found',
  'wrong-direction',
] as const;
export type MappingProblemCode = (typeof mappingProblemCodes)[number];

/** Where in a mapping, from the outside in. */
export type ProblemPath = readonly (string | number)[];

/** One thing that is wrong; the message reads on from the path, such as `direction` "must be ...". */
export interface MappingProblem {
  readonly code: MappingProblemCode;
  readonly message: string;
  readonly path: ProblemPath;
}

/** Builds a problem. */
export function problemAt(code: MappingProblemCode, path: ProblemPath, message: string): MappingProblem {
  return { code, message, path };
}

/** Problems of `after` that `before` did not have: nobody is held responsible for what was wrong already. Pure. */
export function introduced(
  before: readonly MappingProblem[],
  after: readonly MappingProblem[],
): readonly MappingProblem[] {
  const known = new Set(before.map(textOf));
  return after.filter((problem) => !known.has(textOf(problem)));
}

function textOf({ code, path, message }: MappingProblem): string {
  return JSON.stringify([code, path, message]);
}
