// The list is TypeScript, which the oldest supported Node cannot import: esbuild makes it a module first.
import { join } from 'node:path';
import { root } from '../ensureInstalled.mjs';

/** All protections of test/promises/protections, in order. */
export async function loadProtections() {
  const esbuild = await import('esbuild');
  try {
    const { outputFiles } = await esbuild.build({
      entryPoints: [join(root, 'test', 'promises', 'protections.ts')],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      logLevel: 'warning',
    });
    const [{ text }] = outputFiles;
    const { protections } = await import(
      `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`
    );
    return protections;
  } finally {
    await esbuild.stop();
  }
}
