// `npm run doctor`: installs what is missing, builds, and tests everything a synchronisation needs (docs/install.md).
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled, root } from './ensureInstalled.mjs';

ensureInstalled();
const { buildOrExit } = await import('./build.mjs');
await buildOrExit();
await import(pathToFileURL(join(root, 'dist', 'local', 'doctor.cjs')).href);
