/** Writes docs/settings.md from the schema, so that the page cannot say something else than the program does. */
import { scheduleDescription, schedulePrefix, settingsShape } from './settingsSchema.ts';

const heading = `# Settings

Environment variables of the function app; locally also \`Values\` of local.settings.json (see local.settings.sample.json).
A wrong or missing setting is reported with one line per problem, and nothing runs until it is corrected. Settings marked
as secret never appear in logs, errors or answers.

| setting | default | meaning |
| --- | --- | --- |
`;

/** The page, as it must stand in docs/settings.md. */
export function settingsDocument(): string {
  const rows = Object.entries(settingsShape).map(([name, schema]) => {
    const isSecret = schema.meta()?.['secret'] === true;
    return row(name, defaultOf(schema), `${schema.description}${isSecret ? ' Secret.' : ''}`);
  });
  const schedule = row(`${schedulePrefix}<JOB>`, 'every `TICK_MINUTES`', scheduleDescription);
  return `${heading}${[...rows, schedule].join('\n')}\n`;
}

function row(name: string, absent: string, meaning: string): string {
  return `| \`${name}\` | ${absent} | ${meaning.replaceAll('|', String.raw`\|`)} |`;
}

function defaultOf(schema: (typeof settingsShape)[keyof typeof settingsShape]): string {
  const absent = schema.safeParse(undefined);
  if (!absent.success) return 'required';
  const value: unknown = absent.data;
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '-';
  return `\`${String(value)}\``;
}
