// Type check and lint, at the same time; any warning of either fails.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, root } from './ensureInstalled.mjs';
import { isEntry } from './isEntry.mjs';

/** What a check prints is shown in one piece when it has ended, so that two at a time do not mingle. */
function run(title, script, args) {
  const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    env: process.stdout.isTTY ? { FORCE_COLOR: '1', ...process.env } : process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stderr.on('data', (chunk) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code !== 0) chunks.push(Buffer.from(`${title} failed.\n`));
      process.stdout.write(Buffer.concat(chunks), () => resolve(code === 0));
    });
  });
}

/** Runs both checks; resolves with whether both passed. */
export async function check() {
  const passed = await Promise.all([
    run('The type check', 'typescript/bin/tsc', ['-p', '.']),
    run('The linter', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']),
  ]);
  return passed.every(Boolean);
}

if (isEntry(import.meta.url)) {
  ensureInstalled();
  process.exit((await check()) ? 0 : 1);
}
