/** Compares what a scenario expects with what is there; nothing is thrown, every difference is listed. */

import { quoteErrorsName } from '../../../shared/app/documents/quotes/quoteScope.ts';
import { covers, type MappingDirection, passDirections } from '../../../shared/domain/common/directions.ts';
import { mappingName } from '../../../shared/domain/common/ids.ts';
import { isCodeJobName } from '../../../shared/domain/jobs/codeJobs.ts';
import { counterNames, type SyncError } from '../../../shared/domain/logs/syncJob.ts';
import type { ExpectedError, RunExpectation, StateExpectation } from '../schema.ts';
import type { ScenarioValue, ScenarioValues } from '../schemaValues.ts';
import { type Difference, differing, shown } from './difference.ts';
import { lineDifferences } from './lines.ts';
import type { FinishedRun } from './run.ts';
import { quotes, type Stage } from './stage.ts';
import { agrees, businessCentralValue, dataverseShown, dataverseWanted, splitKey } from './values.ts';

/** Every difference in the result of a run, then in the state it left. */
export async function runDifferences(
  stage: Stage,
  job: string,
  expect: RunExpectation,
  run: FinishedRun,
): Promise<readonly Difference[]> {
  return [
    ...differing('job error', expect.jobError ?? 'none', run.jobError ?? 'none'),
    ...counterDifferences(stage, job, expect, run),
    ...requestDifferences(expect, run),
    ...(await stateDifferences(stage, expect)),
  ];
}

function counterDifferences(
  stage: Stage,
  job: string,
  { counters, jobError }: RunExpectation,
  { syncJobs }: FinishedRun,
): readonly Difference[] {
  const direction = directionOf(stage, job);
  return passDirections.flatMap((pass) => {
    const expected = counters[pass];
    const row = syncJobs.find((syncJob) => syncJob.direction === pass);
    // A job without a mapping writes the rows it has subjects for.
    if (direction === null && !row && !expected) return [];
    if (direction !== null && !covers(direction, pass))
      return expected ? differing(`${pass}`, 'a pass', 'not in the mapping') : [];
    if (!row) return jobError && !expected ? [] : differing(`${pass}`, 'a row of the log', 'none');
    return counterNames.flatMap((name) => {
      const wanted = expected?.[name];
      if (wanted === undefined && counters.others === 'any') return [];
      return differing(`${pass} ${name}`, wanted ?? 0, row.counts[name]);
    });
  });
}

/** Null for a job that runs code. */
function directionOf(stage: Stage, job: string): MappingDirection | null {
  return isCodeJobName(job) ? null : stage.mapping(job).direction;
}

function requestDifferences({ requests }: RunExpectation, { syncJobs }: FinishedRun): readonly Difference[] {
  return passDirections.flatMap((pass) => {
    const expected = requests?.[pass];
    if (!expected) return [];
    const seen = syncJobs.find((syncJob) => syncJob.direction === pass)?.requests;
    return [
      ...differing(`${pass} requests to Business Central`, expected.businessCentral, seen?.businessCentral),
      ...differing(`${pass} requests to Dataverse`, expected.dataverse, seen?.dataverse),
    ];
  });
}

/** Every difference in the present state. */
export async function stateDifferences(
  stage: Stage,
  expect: StateExpectation,
): Promise<readonly Difference[]> {
  return [
    ...valueDifferences(stage, 'businessCentral', expect.values?.businessCentral ?? {}),
    ...valueDifferences(stage, 'dataverse', expect.values?.dataverse ?? {}),
    ...numberDifferences(stage, expect),
    ...lineDifferences(stage, expect.lines ?? {}),
    ...(await couplingDifferences(stage, expect)),
    ...(expect.errors === 'any'
      ? []
      : errorDifferences(stage, expect.errors, await stage.world.openErrors())),
  ];
}

type Side = 'businessCentral' | 'dataverse';

function valueDifferences(
  stage: Stage,
  side: Side,
  expected: Readonly<Record<string, ScenarioValues | null>>,
): readonly Difference[] {
  return Object.entries(expected).flatMap(([alias, values]) => {
    const what = `${side} ${alias}`;
    const exists = rowOn(stage, side, alias) !== null;
    if (values === null) return differing(what, 'no record', exists ? 'a record' : 'no record');
    if (!exists) return differing(what, 'a record', 'no record');
    return Object.entries(values).flatMap(([name, wanted]) => {
      const resolve = () => wantedOn(stage, side, { alias, name, wanted });
      const seen = seenOn(stage, side, alias, name);
      if (agrees(wanted, resolve, seen)) return [];
      const isLoose = typeof wanted === 'object' && wanted !== null && !('repeat' in wanted);
      return [{ what: `${what} ${name}`, expected: shown(isLoose ? wanted : resolve()), seen: shown(seen) }];
    });
  });
}

function rowOn({ aliases, world }: Stage, side: Side, alias: string, set?: string) {
  const { entitySet, table, businessCentralId, dataverseId } = aliases.get(alias);
  if (side === 'dataverse') return dataverseId === null ? null : world.dataverse.row(table, dataverseId);
  return businessCentralId === null
    ? null
    : world.businessCentral.record(set ?? entitySet, businessCentralId);
}

function seenOn(stage: Stage, side: Side, alias: string, name: string): unknown {
  const { entitySet, table } = stage.aliases.get(alias);
  if (side === 'dataverse') return dataverseShown(rowOn(stage, side, alias) ?? {}, table, name);
  const [set, property] = splitKey(entitySet, name);
  const row = rowOn(stage, side, alias, set) ?? {};
  if (!(property in row)) throw new Error(`The entity set ${set} has no property "${property}".`);
  return row[property];
}

function wantedOn(
  stage: Stage,
  side: Side,
  { alias, name, wanted }: { readonly alias: string; readonly name: string; readonly wanted: ScenarioValue },
) {
  if (side === 'businessCentral') return businessCentralValue(stage, wanted);
  return dataverseWanted(stage, stage.aliases.get(alias).table, name, wanted);
}

function numberDifferences({ world }: Stage, { numbers }: StateExpectation): readonly Difference[] {
  return [
    ...Object.entries(numbers?.businessCentral ?? {}).flatMap(([set, count]) =>
      differing(`number of ${set}`, count, world.businessCentral.records(set).length),
    ),
    ...Object.entries(numbers?.dataverse ?? {}).flatMap(([table, count]) =>
      differing(`number of ${table}`, count, world.dataverse.rows(table).length),
    ),
  ];
}

async function couplingDifferences(
  stage: Stage,
  { couplings }: StateExpectation,
): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  for (const [alias, expected] of Object.entries(couplings ?? {})) {
    const seen = await couplingOf(stage, alias);
    const state = typeof expected === 'string' ? expected : expected.state;
    differences.push(...differing(`coupling of ${alias}`, state, seen?.state ?? 'none'));
    if (typeof expected === 'object' && seen) {
      const other = stage.aliases.ofId(seen.mapping, seen.dataverseId);
      const isOther = stage.aliases.get(expected.with).dataverseId === seen.dataverseId;
      if (!isOther)
        differences.push({ what: `counterpart of ${alias}`, expected: expected.with, seen: shown(other) });
    }
  }
  return differences;
}

async function couplingOf(stage: Stage, alias: string) {
  const { mapping, businessCentralId, dataverseId } = stage.aliases.get(alias);
  if (mapping === null) throw new Error(`"${alias}" belongs to no mapping.`);
  const page = { top: 1000, continuation: null };
  const { rows } = await stage.ports.couplings.list({ mapping: mappingName(mapping) }, page);
  return rows.find((row) => row.businessCentralId === businessCentralId || row.dataverseId === dataverseId);
}

/** Errors pair up one to one; whatever is left on either side is a difference. */
function errorDifferences(
  stage: Stage,
  expected: readonly ExpectedError[],
  open: readonly SyncError[],
): readonly Difference[] {
  const left = [...open];
  const missing = expected.filter((error) => {
    const index = left.findIndex((candidate) => isError(stage, error, candidate));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  return [
    ...missing.map((error) => ({
      what: 'open error',
      expected: Object.values(error).join(' '),
      seen: 'none',
    })),
    ...left.map((error) => ({ what: 'open error', expected: 'none', seen: describe(stage, error) })),
  ];
}

function isError({ aliases }: Stage, expected: ExpectedError, seen: SyncError): boolean {
  const { mapping, businessCentralId, dataverseId } = aliases.get(expected.record);
  const isRecord =
    (businessCentralId !== null && seen.businessCentralId === businessCentralId) ||
    (dataverseId !== null && seen.dataverseId === dataverseId);
  const logged = mapping === quotes.mapping ? quoteErrorsName : mapping;
  if (!isRecord || seen.mapping !== logged || seen.code !== expected.code) return false;
  const { kind = seen.kind, field = seen.field, direction = seen.direction } = expected;
  return kind === seen.kind && field === seen.field && direction === seen.direction;
}

function describe({ aliases }: Stage, error: SyncError): string {
  const { mapping, businessCentralId, dataverseId, code, kind, field, direction, message } = error;
  const alias = aliases.ofId(mapping, businessCentralId) ?? aliases.ofId(mapping, dataverseId) ?? error.name;
  return `${alias} ${code} ${kind} ${field ?? 'no field'} ${direction}: ${message}`;
}
