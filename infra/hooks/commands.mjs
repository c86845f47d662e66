// Runs the command line tools of Azure for the hooks of azure.yaml.
import { spawnSync } from 'node:child_process';

// az and azd are command files on Windows, which only a shell can run.
const shell = process.platform === 'win32';

/** Arguments reach a Windows shell as one text. */
function quoted(text) {
  return shell && /[\s"&|<>^]/.test(text) ? `"${text.replaceAll('"', '\\"')}"` : text;
}

/** Runs a tool and returns what it printed, or null when it failed. Secrets go in by `input`, never as arguments. */
export function tryCommand(tool, argumentsGiven, { input } = {}) {
  const result = spawnSync(tool, argumentsGiven.map(quoted), { shell, input, encoding: 'utf8' });
  if (result.error) stop(`${tool} could not be run: ${result.error.message}`);
  return result.status === 0 ? result.stdout.trim() : null;
}

/** As tryCommand; a failure ends the hook, and with it azd, telling what was tried. */
export function command(tool, argumentsGiven, options) {
  const printed = tryCommand(tool, argumentsGiven, options);
  if (printed === null) stop(`\`${tool} ${argumentsGiven.slice(0, 4).join(' ')} ...\` failed.`);
  return printed;
}

/** Ends the hook with one line. */
export function stop(message) {
  console.error(message);
  process.exit(1);
}
