// `npm start`: installs what is missing, builds, and runs the local start.
import { join } from 'node:path';
import { ensureInstalled, root } from './ensureInstalled.mjs';

ensureInstalled();
const { build } = await import('./build.mjs');
try {
  await build();
} catch (error) {
  console.error(`The build failed: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
  process.exit(1);
}
await import(join(root, 'dist', 'local', 'start.cjs'));
