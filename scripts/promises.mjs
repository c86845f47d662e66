// `npm run promises`: takes each line away that protects a promise, and requires that a test notices (docs/architecture.md).
// Works on a copy of the project, so the files here stay as they are. `npm run promises -- P4 watermark` does those only.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, root } from './ensureInstalled.mjs';
import { copyProject } from './promises/copyProject.mjs';
import { loadProtections } from './promises/loadProtections.mjs';
import { printTable } from './promises/printTable.mjs';
import { runTests } from './promises/runTests.mjs';

/** Whether the protection is asked for: each word names a promise or occurs in the file or the sentence. */
function isAskedFor({ promise, file, what }, words) {
  return words.length === 0 || words.some((word) => word === promise || `${file} ${what}`.includes(word));
}

/** Without the line taken away every named test must pass, or its failure would say nothing. */
function checkUnharmed(folder, protections) {
  const { passed } = runTests(
    folder,
    protections.flatMap(({ tests }) => tests),
  );
  const missing = protections.flatMap(({ tests }) =>
    tests.filter(({ title }) => !passed.some((name) => name.includes(title))),
  );
  for (const { file, title } of missing) console.error(`Does not pass as things are: ${file} > ${title}`);
  return missing.length === 0;
}

/** Applies the edit, runs the tests, and puts the file back. */
function tryWithout(folder, protection) {
  const path = join(folder, protection.file);
  const text = readFileSync(path, 'utf8');
  const begun = performance.now();
  const caught = text.split(protection.find).length === 2 ? null : 'its text does not occur exactly once';
  if (caught !== null) return { protection, caughtBy: null, problem: caught, seconds: 0 };
  try {
    writeFileSync(
      path,
      text.replace(protection.find, () => protection.replace),
    );
    const { failed, broken } = runTests(folder, protection.tests);
    const [caughtBy = null] = failed;
    const problem = caughtBy === null ? (broken ?? 'no test noticed') : null;
    return { protection, caughtBy, problem, seconds: (performance.now() - begun) / 1000 };
  } finally {
    writeFileSync(path, text);
  }
}

function tryAll(folder, protections) {
  if (!checkUnharmed(folder, protections)) return false;
  const results = protections.map((protection, index) => {
    const result = tryWithout(folder, protection);
    const sign = result.problem === null ? 'caught' : `NOT CAUGHT (${result.problem})`;
    console.log(`${index + 1}/${protections.length} ${protection.promise} ${protection.what}: ${sign}`);
    return result;
  });
  printTable(results);
  return results.every(({ problem }) => problem === null);
}

ensureInstalled();
const folder = mkdtempSync(join(tmpdir(), 'promises-'));
const leave = () => rmSync(folder, { recursive: true, force: true });
process.on('SIGINT', () => {
  leave();
  process.exit(130);
});
try {
  const words = process.argv.slice(2);
  const protections = (await loadProtections()).filter((each) => isAskedFor(each, words));
  if (protections.length === 0) console.error(`No protection is named by ${words.join(' ')}.`);
  copyProject(root, folder);
  process.exitCode = protections.length > 0 && tryAll(folder, protections) ? 0 : 1;
} finally {
  leave();
}
