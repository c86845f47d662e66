/** What `npm run doctor` prints: one line per check, and below a problem what to do about it. */
import { z } from 'zod';

const checkSchema = z.looseObject({
  name: z.string(),
  outcome: z.enum(['passed', 'warning', 'failed']),
  message: z.string(),
  whatToDo: z.string(),
  code: z.string().exactOptional(),
});
const partSchema = z.looseObject({ checks: z.array(checkSchema) });

/** The answer of `POST /api/connection/test`, as far as it is printed. */
export const connectionTestSchema = z.looseObject({
  businessCentral: partSchema,
  dataverse: partSchema,
  checks: z.array(checkSchema),
});
export type ConnectionTestAnswer = z.output<typeof connectionTestSchema>;
type Check = z.output<typeof checkSchema>;

/** The lines, and whether any check failed; a warning is no problem, since the app works. */
export interface DoctorReport {
  readonly lines: readonly string[];
  readonly healthy: boolean;
}

const words = { passed: 'ok      ', warning: 'warning ', failed: 'problem ' } as const;

function linesOf(part: string, { name, outcome, message, whatToDo, code }: Check): readonly string[] {
  const first = `${words[outcome]} ${part} ${name}: ${message}${code === undefined ? '' : ` (${code})`}`;
  return whatToDo === '' ? [first] : [first, `${' '.repeat(9)}what to do: ${whatToDo}`];
}

/** Writes the answer of a test of the connection. */
export function doctorReport(answer: ConnectionTestAnswer): DoctorReport {
  const parts = [
    ['Business Central', answer.businessCentral.checks],
    ['Dataverse', answer.dataverse.checks],
    ['app', answer.checks],
  ] as const;
  const lines = parts.flatMap(([part, checks]) => checks.flatMap((check) => linesOf(part, check)));
  const failed = parts.flatMap(([, checks]) => checks).filter(({ outcome }) => outcome === 'failed').length;
  const verdict =
    failed === 0 ? 'No problem was found.' : `${failed} problem${failed === 1 ? ' was' : 's were'} found.`;
  return { lines: [...lines, verdict], healthy: failed === 0 };
}

/** Settings that are wrong, as problems. */
export function settingsReport(problems: readonly string[]): DoctorReport {
  const lines = problems.flatMap((problem) => [
    `${words.failed} app settings: ${problem}`,
    `${' '.repeat(9)}what to do: Correct it in the environment or in local.settings.json; docs/settings.md lists all settings.`,
  ]);
  return { lines: [...lines, `${problems.length} problems were found.`], healthy: false };
}
