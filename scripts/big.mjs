// `npm run big`: tests of large amounts of data, which take minutes and are not part of `npm test`.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, root } from './ensureInstalled.mjs';

ensureInstalled();
const result = spawnSync(
  process.execPath,
  [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--project', 'big', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, BIG: '1' } },
);
process.exit(result.status ?? 1);
