// Installs the dependencies when node_modules is missing or older than the lock file. Uses nothing but Node.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const lowestNode = [20, 19];
// Build and tests need the development dependencies, whatever NODE_ENV or the user's npm settings say.
const installArguments = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];

function isStale() {
  const marker = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(marker)) return true;
  return statSync(marker).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs;
}

function isOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major < lowestNode[0] || (major === lowestNode[0] && minor < lowestNode[1]);
}

/** On Windows npm is a command file, which only a shell can run; one text avoids its quoting of arguments. */
function runNpm() {
  const options = { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] };
  if (process.platform === 'win32') {
    return spawnSync(`npm ${installArguments.join(' ')}`, { ...options, shell: true });
  }
  return spawnSync('npm', installArguments, options);
}

function stop(message) {
  console.error(message);
  process.exit(1);
}

/** Runs `npm ci` when needed. Safe to call twice; exits with 1 and one clear line when Node is too old or npm fails. */
export function ensureInstalled() {
  if (isOldNode()) stop(`Node ${lowestNode.join('.')} or newer is needed; this is ${process.versions.node}.`);
  if (!isStale()) return;
  console.error('Installing dependencies (npm ci) ...');
  const result = runNpm();
  if (result.error) stop(`npm could not be run: ${result.error.message}. Nothing was started.`);
  if (result.status !== 0) stop('npm ci failed; see the lines above. Nothing was started.');
}
