// Builds the function app and the local tools. `dist/app` is what runs locally and what is deployed.
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root } from './ensureInstalled.mjs';
import { isEntry } from './isEntry.mjs';

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  keepNames: true,
  sourcemap: true,
  logLevel: 'warning',
  // @azure/storage-common calls createRequire(import.meta.url); in a CommonJS bundle esbuild leaves it empty.
  define: { 'import.meta.url': '__importMetaUrl' },
  banner: { js: "const __importMetaUrl=require('node:url').pathToFileURL(__filename).href;" },
  logOverride: { 'empty-import-meta': 'error' },
  format: 'cjs',
};

async function buildApp(esbuild) {
  const folder = join(root, 'dist', 'app');
  await esbuild.build({
    ...common,
    entryPoints: ['functions/index.ts'],
    outfile: 'dist/app/main.cjs',
    minify: true,
    external: ['@azure/functions-core'],
  });
  copyFileSync(join(root, 'host.json'), join(folder, 'host.json'));
  // Mapping files of one's own are deployed with the app, where MAPPINGS_DIR can name them.
  const mappings = join(root, 'mappings');
  if (existsSync(mappings)) cpSync(mappings, join(folder, 'mappings'), { recursive: true });
  const manifest = { name: 'business-central-dataverse-sync-app', version: '0.1.0', main: 'main.cjs' };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

async function buildLocal(esbuild) {
  await esbuild.build({
    ...common,
    entryPoints: {
      start: 'local/start/main.ts',
      doctor: 'local/doctor/main.ts',
      businessCentralSimulator: 'local/simulators/businessCentral/main.ts',
      dataverseSimulator: 'local/simulators/dataverse/main.ts',
    },
    outdir: 'dist/local',
    outExtension: { '.js': '.cjs' },
    external: ['azurite', '@azure/functions-core'],
  });
}

/** Builds everything into dist/. Throws on any esbuild error. Safe to call twice. */
export async function build() {
  const esbuild = await import('esbuild');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  mkdirSync(join(root, 'dist', 'app'), { recursive: true });
  try {
    await Promise.all([buildApp(esbuild), buildLocal(esbuild)]);
  } finally {
    await esbuild.stop(); // its process would live as long as this one, which may be the whole local run
  }
}

/** Builds; prints one line and ends the process with 1 when that fails. esbuild has printed the details by then. */
export async function buildOrExit() {
  try {
    await build();
  } catch (error) {
    console.error(`The build failed: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
    process.exit(1);
  }
}

if (isEntry(import.meta.url)) {
  ensureInstalled();
  await buildOrExit();
}
