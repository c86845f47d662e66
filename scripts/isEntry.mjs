// Tells whether a script is the one node was started with. Paths are compared by what they really are: a checkout may
// lie behind a symbolic link, and node follows it for one of the two names only.
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** True for `node scripts/x.mjs` asked by x.mjs itself; false when the script was imported. */
export function isEntry(moduleUrl) {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === realpathSync(fileURLToPath(moduleUrl));
}
