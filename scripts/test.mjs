// `npm test`: installs what is missing, then type check, lint and every test. Arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, root } from './ensureInstalled.mjs';

ensureInstalled();
const extra = process.argv.slice(2);
const { check } = await import('./check.mjs');
const { buildOrExit } = await import('./build.mjs');
const [isChecked] = await Promise.all([extra.length > 0 || check(), buildOrExit()]);
if (!isChecked) process.exit(1);
const result = spawnSync(
  process.execPath,
  [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...extra],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
process.exit(result.status ?? 1);
