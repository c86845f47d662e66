// `npm start`: installs what is missing, builds, and runs the local start.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled, root } from './ensureInstalled.mjs';

ensureInstalled();
const { buildOrExit } = await import('./build.mjs');
await buildOrExit();
// A path is no module name on Windows: `C:` would be taken for a scheme.
await import(pathToFileURL(join(root, 'dist', 'local', 'start.cjs')).href);
