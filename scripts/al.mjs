// `npm run al`: writes the companion app of Business Central (infra/businessCentral) from the list of its entity sets.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, root } from './ensureInstalled.mjs';

ensureInstalled();
const folder = mkdtempSync(join(tmpdir(), 'al-'));
try {
  const esbuild = await import('esbuild');
  const outfile = join(folder, 'al.cjs');
  const entryPoints = [join(root, 'local', 'businessCentralApp', 'main.ts')];
  await esbuild.build({
    entryPoints,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
  });
  process.exitCode = spawnSync(process.execPath, [outfile, root], { stdio: 'inherit' }).status ?? 1;
  await esbuild.stop();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
