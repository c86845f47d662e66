/** The check of mapping files and stored definitions: what is not in force, and why. */
import type { DefinitionProblem, MappingSet } from '../../domain/mappings/mappingSet.ts';
import type { ConnectionCheck } from './connectionReport.ts';

/** The check's outcome with every problem. */
export interface MappingFilesCheck extends ConnectionCheck {
  readonly problems: readonly DefinitionProblem[];
}

/** Judges the set in force. Pure. */
export function mappingFilesCheck({ entries, problems }: MappingSet): MappingFilesCheck {
  const name = 'mapping-files';
  if (problems.length === 0) {
    const count = entries.filter(({ origin }) => origin === 'file').length;
    return {
      name,
      outcome: 'passed',
      message: `${count} mapping files are in force.`,
      whatToDo: '',
      problems,
    };
  }
  const places = [...new Set(problems.map(({ file, mapping }) => file ?? `the stored mapping ${mapping}`))];
  const lines = problems.map(({ file, mapping, path, message }) => `${file ?? mapping}: ${path} ${message}`);
  return {
    name,
    outcome: 'warning',
    message: `Not in force: ${places.join(', ')}. ${lines.join('; ')}.`,
    whatToDo:
      'Correct what the problems name (docs/mapping-files.md tells the form) and restart the app; the other mappings run meanwhile.',
    problems,
  };
}
