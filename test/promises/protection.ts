/** One line of the program that protects a promise of the design, and the tests that must fail without it. */

/** P1 no lost update, P2 no duplicate, P3 convergence, P4 no echo, P5 nothing forgotten, P6 counters, P7 watermarks,
 * P8 one-to-one couplings, P9 no accidental delete, P10 bounded effort, P11 no hostage, P12 notifications. */
export const promiseNumbers = [
  'P1',
  'P2',
  'P3',
  'P4',
  'P5',
  'P6',
  'P7',
  'P8',
  'P9',
  'P10',
  'P11',
  'P12',
] as const;
export type PromiseNumber = (typeof promiseNumbers)[number];

/** A test by its file and a part of its full name. */
export interface NamedTest {
  readonly file: string;
  readonly title: string;
}

export interface Protection {
  readonly promise: PromiseNumber;
  /** What the line does, in one sentence. */
  readonly what: string;
  readonly file: string;
  /** Its text, which occurs in the file exactly once. */
  readonly find: string;
  /** The text without the protection. */
  readonly replace: string;
  /** At least one of them must fail then. */
  readonly tests: readonly NamedTest[];
}

/** Tests of one file by their titles. */
export function testsOf(file: string, ...titles: readonly string[]): readonly NamedTest[] {
  return titles.map((title) => ({ file, title }));
}

/** A scenario by its path below test/scenarios/files; which of the two files runs it depends on its place in the list. */
export function scenario(path: string): readonly NamedTest[] {
  return ['first', 'second'].map((half) => ({
    file: `test/scenarios/${half}.integration.test.ts`,
    title: `[${path}]`,
  }));
}
