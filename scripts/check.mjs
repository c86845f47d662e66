// Type check and lint; any warning of either fails.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, root } from './ensureInstalled.mjs';
import { isEntry } from './isEntry.mjs';

function run(title, script, args) {
  const result = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (result.status !== 0) console.error(`${title} failed.`);
  return result.status === 0;
}

/** Runs both checks and returns whether both passed. */
export function check() {
  const typed = run('The type check', 'typescript/bin/tsc', ['-p', '.']);
  const linted = run('The linter', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']);
  return typed && linted;
}

if (isEntry(import.meta.url)) {
  ensureInstalled();
  process.exit(check() ? 0 : 1);
}
