/** Builds the initial state of a scenario: both systems, and pairs that were synchronised or coupled before. */
import { businessCentralId, dataverseId, mappingName } from '../../../shared/domain/common/ids.ts';
import type { InitialRecord, Scenario } from '../schema.ts';
import type { ScenarioValues } from '../schemaValues.ts';
import { createRecord } from './records.ts';
import { runJob } from './run.ts';
import type { Stage } from './stage.ts';

/** Users who typed the initial state in. */
const users = { businessCentral: 'bob', dataverse: 'alice' } as const;
const pauseMinutes = 30;

interface Initial {
  readonly mapping: string;
  readonly alias: string;
  readonly record: InitialRecord;
}

/** Leaves the clock half an hour after everything that was prepared. */
export async function prepare(stage: Stage, scenario: Scenario): Promise<void> {
  nameOwn(stage, scenario);
  createOthers(stage, scenario);
  const all = initialRecords(stage, scenario);
  const synchronised = all.filter(({ record }) => record.coupled === true);
  for (const initial of synchronised) createSides(stage, initial);
  if (synchronised.length > 0) await synchronise(stage, synchronised);
  const rest = all.filter(({ record }) => record.coupled !== true);
  for (const initial of rest) createSides(stage, initial);
  for (const initial of rest.filter(({ record }) => record.coupled === 'pending'))
    await coupleByHand(stage, initial);
  await stage.world.advanceMinutes(pauseMinutes);
}

function nameOwn(stage: Stage, { localCurrencyInSales }: Scenario): void {
  const place = stage.placeOf('CURRENCY');
  const [base] = stage.world.dataverse.rows('transactioncurrency');
  stage.aliases.name(
    'baseCurrency',
    { ...place, mapping: null },
    { dataverseId: `${base?.['transactioncurrencyid']}` },
  );
  const [unit] = stage.world.dataverse.rows('businessunit');
  stage.aliases.name('rootUnit', stage.placeOf('businessunit'), {
    dataverseId: `${unit?.['businessunitid']}`,
  });
  if (!localCurrencyInSales) return;
  const values = {
    isocurrencycode: 'GBP',
    currencyname: 'Pound Sterling',
    currencysymbol: '£',
    exchangerate: 0.8,
    currencyprecision: 2,
  };
  const write = { alias: 'localCurrency', side: 'dataverse', values, user: users.dataverse } as const;
  createRecord(stage, { ...place, mapping: null }, write);
}

function createOthers(stage: Stage, { others }: Scenario): void {
  createAll(stage, 'businessCentral', others.businessCentral ?? {});
  createAll(stage, 'dataverse', others.dataverse ?? {});
}

/** Records of tables no mapping covers. */
function createAll(
  stage: Stage,
  side: 'businessCentral' | 'dataverse',
  tables: Readonly<Record<string, Readonly<Record<string, ScenarioValues>>>>,
): void {
  for (const [table, records] of Object.entries(tables)) {
    for (const [alias, values] of Object.entries(records))
      createRecord(stage, stage.placeOf(table), { alias, side, values, user: users[side] });
  }
}

/** In run order of the mappings, so that references find their records. */
function initialRecords(stage: Stage, { records, many }: Scenario): readonly Initial[] {
  for (const name of [...Object.keys(records), ...many.map(({ mapping }) => mapping)]) stage.mapping(name);
  return stage.mappings.flatMap(({ name: mapping }) => [
    ...Object.entries(records[mapping] ?? {}).map(([alias, record]) => ({ mapping, alias, record })),
    ...many.filter((group) => group.mapping === mapping).flatMap(copies),
  ]);
}

function copies({ mapping, prefix, count, record }: Scenario['many'][number]): readonly Initial[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1);
    const numbered: InitialRecord = JSON.parse(JSON.stringify(record).replaceAll('#', number));
    return { mapping, alias: prefix + number, record: numbered };
  });
}

function createSides(stage: Stage, { mapping, alias, record }: Initial): void {
  const place = stage.placeOf(mapping);
  for (const side of ['businessCentral', 'dataverse'] as const) {
    const values = record[side];
    if (values) createRecord(stage, place, { alias, side, values, user: users[side] });
  }
  createAll(stage, 'businessCentral', record.children ?? {});
}

/** A first full synchronisation of the mappings that have such pairs; it must leave nothing uncoupled. */
async function synchronise(stage: Stage, pairs: readonly Initial[]): Promise<void> {
  const names = new Set(pairs.map(({ mapping }) => mapping));
  for (const { name } of stage.mappings.filter((mapping) => names.has(mapping.name))) {
    const { jobError } = await runJob(stage, name, 'fullSync');
    if (jobError !== null) throw new Error(`The first synchronisation of ${name} ended with ${jobError}.`);
  }
  const errors = await stage.world.openErrors();
  const problems = errors.map(({ mapping, name, code, message }) => `${mapping} ${name}: ${code} ${message}`);
  const coupled = await coupledIds(stage, names);
  const uncoupled = pairs.filter(({ alias }) => !coupled.has(stage.aliases.get(alias).dataverseId ?? ''));
  problems.push(...uncoupled.map(({ mapping, alias }) => `${mapping} ${alias}: not coupled`));
  if (problems.length > 0)
    throw new Error(`The initial state cannot be synchronised:\n${problems.join('\n')}`);
  await settle(stage, names);
}

/** One more run when no late commit is possible any more, so that steps begin with nothing left to read again. */
async function settle(stage: Stage, names: ReadonlySet<string>): Promise<void> {
  await stage.world.advanceMinutes(pauseMinutes);
  for (const { name } of stage.mappings.filter((mapping) => names.has(mapping.name))) {
    await runJob(stage, name, 'manual');
  }
}

async function coupledIds(stage: Stage, names: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const name of names) {
    const page = { top: 1000, continuation: null };
    const { rows } = await stage.ports.couplings.list({ mapping: mappingName(name) }, page);
    for (const { dataverseId: id } of rows) ids.add(id);
  }
  return ids;
}

async function coupleByHand(stage: Stage, { mapping, alias }: Initial): Promise<void> {
  const coupling = {
    mapping: mappingName(mapping),
    businessCentralId: businessCentralId(stage.aliases.idOn(alias, 'businessCentral')),
    dataverseId: dataverseId(stage.aliases.idOn(alias, 'dataverse')),
    businessCentralName: alias,
    dataverseName: alias,
    state: 'pending',
    base: null,
    lastSyncedAt: null,
    toDataverse: null,
    toBusinessCentral: null,
    lastError: null,
  } as const;
  await stage.ports.couplings.save(coupling.mapping, [{ kind: 'create', coupling }]);
}
