/** Checks of the fields of one mapping (E-3, E-64, E-67, E-78, A-23, A-40, A-43, A-44). */
import { covers, type PassDirection, passesOf } from '../common/directions.ts';
import { toBusinessCentralValue, toDataverseValue } from '../sync/values.ts';
import { type MappingProblem, problemAt } from './mappingProblem.ts';
import { businessCentralKey, type FieldMapping, fieldsOfPass, type TableMapping } from './model.ts';

/** Columns that hold a GUID, the only ones a null id can be kept out of (E-3, A-43). */
const guidTypes: ReadonlySet<string> = new Set(['lookup', 'owner', 'customer', 'uniqueidentifier']);

/** Everything wrong with the fields, each on its own and all together. Pure. */
export function checkFields(mapping: TableMapping): readonly MappingProblem[] {
  return [
    ...mapping.fields.flatMap((field, index) => checkField(mapping, field, index)),
    ...duplicateIds(mapping),
    ...passesOf(mapping.direction).flatMap((pass) => duplicateTargets(mapping, pass)),
    ...missingFields(mapping),
  ];
}

function checkField(mapping: TableMapping, field: FieldMapping, index: number): readonly MappingProblem[] {
  const at = (name: string) => ['fields', index, name];
  const problems = [...constantProblems(mapping, field, at), ...directionProblems(mapping, field, at)];
  if (field.notNull && !guidTypes.has(field.dataverse?.type ?? '')) {
    const message = 'is only for columns that hold an id: lookup, owner, customer, uniqueidentifier';
    problems.push(problemAt('not-null-only-guid', at('notNull'), message));
  }
  if (field.notNull && field.clearOnFailedSync) {
    const message = 'cannot be set together with clearOnFailedSync';
    problems.push(problemAt('not-null-vs-clear', at('notNull'), message));
  }
  if (field.match !== null && (field.constant !== null || !field.businessCentral || !field.dataverse)) {
    const message = 'is only for fields that read both sides';
    problems.push(problemAt('match-on-constant', at('match'), message));
  }
  return problems;
}

type At = (name: string) => (string | number)[];

function constantProblems(mapping: TableMapping, field: FieldMapping, at: At): readonly MappingProblem[] {
  const { constant, businessCentral, dataverse, direction } = field;
  const hasBoth = businessCentral !== null && dataverse !== null;
  if (constant === null) {
    const message = 'must be given: the field has no source';
    return hasBoth ? [] : [problemAt('constant-missing', at('constant'), message)];
  }
  if (hasBoth && direction === 'both' && mapping.direction === 'both') {
    const message = 'is written one way only; give the field a direction';
    return [problemAt('constant-needs-direction', at('constant'), message)];
  }
  return passesOf(direction)
    .filter((pass) => covers(mapping.direction, pass) && !fits(field, pass))
    .map(() => problemAt('constant-bad-value', at('constant'), 'is no value of the type of the field'));
}

/** Options and whole numbers are not told apart by a constant's text, so what converts is fine. */
function fits({ constant, businessCentral, dataverse }: FieldMapping, pass: PassDirection): boolean {
  if (pass === 'toDataverse') {
    return dataverse === null || toDataverseValue(constant, dataverse) !== undefined;
  }
  return businessCentral === null || toBusinessCentralValue(constant, businessCentral) !== undefined;
}

function directionProblems(mapping: TableMapping, field: FieldMapping, at: At): readonly MappingProblem[] {
  const { direction, businessCentral, dataverse } = field;
  const target = { toDataverse: dataverse, toBusinessCentral: businessCentral } as const;
  if (direction === 'both') return [];
  const problems: MappingProblem[] = [];
  if (!covers(mapping.direction, direction)) {
    const message = `is ${direction}, but the mapping is ${mapping.direction}`;
    problems.push(problemAt('wrong-direction', at('direction'), message));
  }
  const isFixed = businessCentral === null && dataverse === null;
  if (target[direction] === null && !isFixed) {
    const message = `is ${direction}, where the field has no target`;
    problems.push(problemAt('wrong-direction', at('direction'), message));
  }
  if (direction === 'toBusinessCentral' && businessCentral?.readOnly === true) {
    const message = 'is toBusinessCentral, but the property cannot be written';
    problems.push(problemAt('property-read-only', at('direction'), message));
  }
  if (direction === 'toDataverse' && dataverse?.access === 'read') {
    const message = 'is toDataverse, but the column cannot be written';
    problems.push(problemAt('property-read-only', at('direction'), message));
  }
  return problems;
}

function duplicateIds({ fields }: TableMapping): readonly MappingProblem[] {
  return fields.flatMap(({ id }, index) =>
    fields.findIndex((other) => other.id === id) === index
      ? []
      : [problemAt('duplicate-field-id', ['fields', index, 'id'], `"${id}" is used by another field, too`)],
  );
}

/** Two enabled fields that write the same target would undo each other in every run. */
function duplicateTargets(mapping: TableMapping, pass: PassDirection): readonly MappingProblem[] {
  const writers = new Map<string, string>();
  const problems: MappingProblem[] = [];
  for (const field of fieldsOfPass(mapping, pass)) {
    const target = targetOf(mapping, field, pass);
    if (target === null) continue;
    const other = writers.get(target);
    writers.set(target, other ?? field.id);
    if (other === undefined || other === field.id) continue;
    const path = ['fields', mapping.fields.indexOf(field), 'enabled'];
    problems.push(
      problemAt('duplicate-target', path, `writes ${target}, which the field ${other} writes, too`),
    );
  }
  return problems;
}

function targetOf(mapping: TableMapping, field: FieldMapping, pass: PassDirection): string | null {
  const { businessCentral, dataverse } = field;
  if (pass === 'toDataverse') return dataverse?.access === 'read' ? null : (dataverse?.attribute ?? null);
  return businessCentral === null || businessCentral.readOnly
    ? null
    : businessCentralKey(mapping, businessCentral);
}

/** Each pass of the mapping needs an enabled field that travels that way (A-23, A-40, J-94). */
function missingFields(mapping: TableMapping): readonly MappingProblem[] {
  const empty = passesOf(mapping.direction).filter((pass) => fieldsOfPass(mapping, pass).length === 0);
  if (empty.length === 0) return [];
  const message = `is ${mapping.direction}, but no enabled field travels ${empty.join(' or ')}`;
  return [problemAt('direction-needs-field', ['direction'], message)];
}
