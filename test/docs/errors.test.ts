/** docs/errors.md is generated from the error tables; `UPDATE_DOCS=1 npm test -- test/docs` writes it anew. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { businessCentralRules } from '../../shared/adapters/businessCentral/errors.ts';
import { dataverseErrorRules } from '../../shared/adapters/dataverse/errorRules.ts';
import { commonRules, type ErrorRule } from '../../shared/adapters/http/errorTable.ts';
import { documentProblemCatalog } from '../../shared/domain/documents/documentProblems.ts';
import { problemCatalog } from '../../shared/domain/sync/problems.ts';
import { answerErrors, findings, reasons, runErrors } from './otherErrors.ts';

const root = join(import.meta.dirname, '..', '..');
const file = join(root, 'docs', 'errors.md');

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

function otherTable(rows: readonly (readonly [string, string, string])[], second: string): string {
  const cells = rows.map(([code, kind, whatToDo]) => [`\`${code}\``, kind, whatToDo]);
  return table(['code', second, 'what to do'], cells);
}

function page(): string {
  const catalog = [...problemCatalog(), ...documentProblemCatalog()];
  const meanings = reasons.map(([code, meaning]) => [`\`${code}\``, meaning]);
  const records = catalog.map(({ code, kind, suggestion }) => [`\`${code}\``, kind, suggestion]);
  return `# Errors

Generated from the error tables in the code. The class of an error decides what happens next: \`data\`, \`conflict\` and \`deleted\` need a
user, \`dependency\` waits for another record and goes on by itself, \`transient\` and \`throttled\` are repeated, \`config\` and \`permission\` need
an administrator, \`bug\` is ours. A failure of class data, conflict or deleted that repeats unchanged makes the record skipped (E-57).

## Records

${table(['code', 'class', 'what to do'], records)}

## Runs, jobs and the app

${otherTable(runErrors, 'class')}

## Requests to the app

${otherTable(answerErrors, 'status')}

## Tests of the connection

${table(
  ['code', 'what to do'],
  findings.map(([code, whatToDo]) => [`\`${code}\``, whatToDo]),
)}

## Reasons in answers and plans

Nothing failed; these say why a record was left out or what became of it.

${table(['code', 'meaning'], meanings)}

## Answers of Business Central

The first row that fits decides.

${serviceTable(businessCentralRules)}

## Answers of Dataverse

${serviceTable(dataverseErrorRules)}

## Answers of either service that no row above fits

${serviceTable(commonRules)}
`;
}

describe('docs/errors.md', () => {
  it('tells every error code, its class and what to do', () => {
    if (process.env['UPDATE_DOCS']) writeFileSync(file, page());
    expect(readFileSync(file, 'utf8')).toBe(page());
  });

  it('leaves out no code that is written anywhere in the app', () => {
    const sources = ['shared', 'functions'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter(
          (name) => name.endsWith('.ts') && !/\.(test|contract)\.ts$|[\\/]testing[\\/]|Harness/.test(name),
        )
        .map((name) => readFileSync(join(root, folder, name), 'utf8')),
    );
    const codes = sources.flatMap((text) =>
      [...text.matchAll(/\b(?:code|appCode): '([A-Za-z][\w-]*)'/g)].map(([, code = '']) => code),
    );
    expect(codes.length).toBeGreaterThan(100);
    const told = page();
    const isTold = (code: string) => told.includes(`| \`${code}\` |`) || told.includes(`| ${code} |`);
    // A word of the library that checks shapes, and one of the network: our own codes are given beside them.
    const ofOthers = ['custom', 'TimeoutError'];
    expect([...new Set(codes)].filter((code) => !ofOthers.includes(code) && !isTold(code))).toEqual([]);
  });
});
