/** Finds the folders of the project, whether this runs from source or bundled, and from whatever working folder. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StartError } from './startError.ts';

/** Absolute paths. */
export interface ProjectFolders {
  readonly root: string;
  /** The built function app. */
  readonly app: string;
  readonly businessCentralDemo: string;
  readonly dataverseDemo: string;
  /** May be missing. */
  readonly localSettingsFile: string;
}

/** Searches upwards from `start` for the folder with the demo data. Raises StartError when there is none. */
export function findProjectFolders(start: string): ProjectFolders {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'local', 'data')) && existsSync(join(folder, 'package.json'))) {
      return foldersOf(folder);
    }
    if (dirname(folder) === folder)
      throw new StartError([`No project folder with local/data above ${start}.`]);
  }
}

function foldersOf(root: string): ProjectFolders {
  return {
    root,
    app: join(root, 'dist', 'app'),
    businessCentralDemo: join(root, 'local', 'data', 'businessCentral'),
    dataverseDemo: join(root, 'local', 'data', 'dataverse'),
    localSettingsFile: join(root, 'local.settings.json'),
  };
}

/**
 * A folder the user named, as an absolute path. npm changes to the project's folder before it runs a script and tells
 * in INIT_CWD where the user was; a relative name means the latter.
 */
export function userFolder(name: string, environment: NodeJS.ProcessEnv, workingFolder: string): string {
  const isNpmStart = environment['npm_lifecycle_event'] === 'start';
  const base = (isNpmStart ? environment['INIT_CWD'] : undefined) ?? workingFolder;
  return resolve(base, name);
}
