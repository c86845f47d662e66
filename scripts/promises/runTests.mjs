// Runs chosen tests with vitest and reads its JSON report.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A harmed program may never end; no chosen set of tests takes nearly as long. */
const longestMs = 300_000;

/**
 * Names of the tests that passed and failed, and what kept them from running at all. Only a test that ran counts as
 * failed: a file that cannot be loaded any more shows nothing.
 */
export function runTests(folder, tests) {
  const report = join(folder, 'promises-report.json');
  rmSync(report, { force: true });
  const files = [...new Set(tests.map(({ file }) => file))];
  const titles = [...new Set(tests.map(({ title }) => escaped(title)))];
  const result = spawnSync(
    process.execPath,
    [
      join(folder, 'node_modules', 'vitest', 'vitest.mjs'),
      ...['run', ...files, '--maxWorkers=1', '--bail=1', '--reporter=json', `--outputFile=${report}`],
      ...['--testNamePattern', titles.join('|')],
    ],
    { cwd: folder, encoding: 'utf8', timeout: longestMs },
  );
  if (!existsSync(report)) {
    const reason = result.error?.message ?? `${result.stdout}${result.stderr}`.trim().split('\n').at(-1);
    return { passed: [], failed: [], broken: reason ?? 'vitest wrote no report' };
  }
  return read(JSON.parse(readFileSync(report, 'utf8')));
}

function escaped(title) {
  return title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function read({ testResults }) {
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  const named = (status) => all.filter((test) => test.status === status).map(({ fullName }) => fullName);
  const unloaded = testResults.find(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return { passed: named('passed'), failed: named('failed'), broken: unloaded?.message?.split('\n')[0] };
}
