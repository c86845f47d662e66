/** Loads a built app folder the way the worker does: package.json `main`, then one file after the other. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { lendCoreModule } from './coreModule.ts';
import { errorMessage, HostStartError } from './errors.ts';
import type { FunctionApp } from './functionApp.ts';
import { findMainFiles } from './mainFiles.ts';

const manifestSchema = z.object({ main: z.string().min(1), type: z.string().optional() });
type Manifest = z.infer<typeof manifestSchema>;

const libraryFolder = `${sep}@azure${sep}functions${sep}`;

function readManifest(appFolder: string): Manifest {
  const file = join(appFolder, 'package.json');
  if (!existsSync(file)) throw new HostStartError(`The app folder ${appFolder} has no package.json.`);
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const detail = error instanceof z.ZodError ? z.prettifyError(error) : errorMessage(error);
    throw new HostStartError(`${file} must name the entry files in "main": ${detail}`, { cause: error });
  }
}

/**
 * The app and its copy of the programming model run afresh at every start: the library looks for its host only once
 * per copy, so a cached copy would still hold on to the host before.
 */
function forgetLoadedModules(cache: Record<string, unknown>, appFolder: string): void {
  const appPrefix = realpathSync(appFolder) + sep;
  for (const path of Object.keys(cache)) {
    if (path.startsWith(appPrefix) || path.includes(libraryFolder)) delete cache[path];
  }
}

async function loadFile(appFolder: string, path: string, manifest: Manifest): Promise<void> {
  const file = join(appFolder, path);
  const isModule = path.endsWith('.mjs') || (manifest.type === 'module' && !path.endsWith('.cjs'));
  if (isModule) await import(pathToFileURL(file).href);
  else createRequire(file)(file);
}

function loadError(path: string, app: FunctionApp, error: unknown): HostStartError {
  const count = app.functions().length;
  const what = `loading ${path} failed: ${errorMessage(error)}`;
  const message =
    count === 0 ? `No functions found: ${what}` : `The app was refused after ${count} function(s): ${what}`;
  return new HostStartError(message, { cause: error });
}

/**
 * Loads the app in `appFolder`; its registrations land in `app`. Every call runs a CommonJS app anew; an ES module app
 * can be loaded once per process, because Node never forgets an ES module.
 * Raises HostStartError: no package.json or `main`, no file matches, the app throws, or nothing was registered.
 */
export async function loadApp(appFolder: string, app: FunctionApp): Promise<void> {
  const manifest = readManifest(appFolder);
  const paths = findMainFiles(appFolder, manifest.main);
  if (paths.length === 0) {
    throw new HostStartError(`"main" is "${manifest.main}" but no file in ${appFolder} matches it.`);
  }
  lendCoreModule(app.core);
  forgetLoadedModules(createRequire(join(appFolder, 'package.json')).cache, appFolder);
  for (const path of paths) {
    try {
      await loadFile(appFolder, path, manifest);
    } catch (error) {
      throw loadError(path, app, error);
    }
  }
  if (app.functions().length === 0) {
    throw new HostStartError(`No functions found: ${paths.join(', ')} registered none.`);
  }
}
