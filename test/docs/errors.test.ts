/** docs/errors.md is generated from the error tables; `UPDATE_DOCS=1 npm test -- test/docs` writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { businessCentralRules } from '../../shared/adapters/businessCentral/errors.ts';
import { dataverseErrorRules } from '../../shared/adapters/dataverse/errorRules.ts';
import type { ErrorRule } from '../../shared/adapters/http/errorTable.ts';
import { documentProblemCatalog } from '../../shared/domain/documents/documentProblems.ts';
import { problemCatalog } from '../../shared/domain/sync/problems.ts';

const file = join(import.meta.dirname, '..', '..', 'docs', 'errors.md');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.join('\n');
}

function serviceTable(rules: readonly ErrorRule[]): string {
  const cell = (value: unknown) => String(value ?? 'any').replaceAll('|', '\\|');
  const rows = rules.map((rule) => [
    cell(rule.status),
    `\`${cell(rule.code)}\``,
    rule.kind,
    rule.retry,
    rule.appCode,
    rule.suggestion,
  ]);
  return table(
    ['status', 'service code', 'class', 'repeated by the transport', 'our code', 'what to do'],
    rows,
  );
}

function page(): string {
  const catalog = [...problemCatalog(), ...documentProblemCatalog()];
  const records = catalog.map(({ code, kind, suggestion }) => [`\`${code}\``, kind, suggestion]);
  return `# Errors

Generated from the error tables in the code. The class of an error decides what happens next: \`data\`, \`conflict\` and \`deleted\` need a
user, \`dependency\` waits for another record and goes on by itself, \`transient\` and \`throttled\` are repeated, \`config\` and \`permission\` need
an administrator, \`bug\` is ours. A failure of class data, conflict or deleted that repeats unchanged makes the record skipped (E-57).

## Records

${table(['code', 'class', 'what to do'], records)}

## Answers of Business Central

The first row that fits decides.

${serviceTable(businessCentralRules)}

## Answers of Dataverse

${serviceTable(dataverseErrorRules)}
`;
}

describe('docs/errors.md', () => {
  it('tells every error code, its class and what to do', () => {
    if (process.env['UPDATE_DOCS']) writeFileSync(file, page());
    expect(readFileSync(file, 'utf8')).toBe(page());
  });
});
