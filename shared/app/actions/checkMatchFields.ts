/** Whether fields can serve to match records (E-116, A-44). */
import type { ChosenMatchField } from '../../domain/actions/actionRun.ts';
import { SyncFailure } from '../../domain/common/failures.ts';
import type { FieldMapping, TableMapping } from '../../domain/mappings/model.ts';
import { matchGroups } from '../../domain/sync/match.ts';

/** One field that cannot be matched by; `target` is its place in the request. */
export interface MatchFieldProblem {
  readonly code: string;
  readonly message: string;
  readonly target: string;
}

/**
 * Every problem of the chosen fields; none when the mapping's own are used. Raises SyncFailure `match-no-criteria` when
 * nothing would be left to match by.
 */
export function checkMatchFields(
  mapping: TableMapping,
  chosen: readonly ChosenMatchField[] | null,
): readonly MatchFieldProblem[] {
  const isEmpty = chosen === null ? matchGroups(mapping).length === 0 : chosen.length === 0;
  if (isEmpty) {
    const message = `${mapping.name} has no field mapping to match by.`;
    const suggestion = 'Name match fields, or mark field mappings of the table mapping for matching.';
    throw new SyncFailure({ kind: 'config', code: 'match-no-criteria', message, suggestion });
  }
  return (chosen ?? []).flatMap(({ id }, index) => {
    const field = mapping.fields.find((candidate) => candidate.id === id);
    const target = `fields.${index}.id`;
    if (!field)
      return [{ code: 'field-not-found', message: `names no field mapping of ${mapping.name}`, target }];
    return isMatchable(field)
      ? []
      : [{ code: 'field-not-matchable', message: 'cannot be matched by', target }];
  });
}

/** Constants and references hold nothing that is the same on both sides. */
function isMatchable({ constant, businessCentral, dataverse, lookup }: FieldMapping): boolean {
  return constant === null && businessCentral !== null && dataverse !== null && lookup === undefined;
}
