/** Makes one test of every scenario file of some groups; the title is the scenario's promise. */
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { runScenario } from './engine/runScenario.ts';
import { loadScenario, scenarioFiles } from './loadScenarios.ts';

const folder = join(import.meta.dirname, 'files');

/** Registers every second scenario, beginning with the first or the second, so that two workers share the work. */
export function registerScenarios(part: 0 | 1): void {
  const files = scenarioFiles(folder).filter((_, index) => index % 2 === part);
  const groups = new Set(files.map(groupOf));
  for (const group of groups) {
    describe(group, () => {
      for (const file of files.filter((candidate) => groupOf(candidate) === group)) {
        const { title, run } = titled(file);
        it(title, run);
      }
    });
  }
}

function groupOf(file: string): string {
  return file.split('/')[0] ?? '';
}

/** A file that cannot be read is a failing test, not a failing folder. */
function titled(file: string): { readonly title: string; readonly run: () => Promise<void> } {
  try {
    const scenario = loadScenario(folder, file);
    const title = `${scenario.title} (${scenario.rules.join(', ')}) [${file}]`;
    return { title, run: () => runScenario(scenario) };
  } catch (error) {
    return { title: file, run: () => Promise.reject(error) };
  }
}
