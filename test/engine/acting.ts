/** Actions of an administrator in tests: asked for, carried out, and told of by their log rows. */
import { planAction, requestAction } from '../../shared/app/actions/requestAction.ts';
import type { ActionTask } from '../../shared/domain/actions/actionRun.ts';
import { businessCentralId, dataverseId, mappingName } from '../../shared/domain/common/ids.ts';
import type { SyncJob } from '../../shared/domain/logs/syncJob.ts';
import type { World } from './world.ts';

/** Asks for the action, works the queue off, and gives the rows it wrote, oldest first. */
export async function act(world: World, mapping: string, task: ActionTask): Promise<readonly SyncJob[]> {
  const { runId } = await requestAction(world.ports, mappingName(mapping), task, 'tester');
  await world.drainQueue();
  const { rows } = await world.ports.logs.listSyncJobs({ runId }, { top: 20, continuation: null });
  return rows.toReversed();
}

/** The same action as a dry run. */
export function planOf(world: World, mapping: string, task: ActionTask) {
  return planAction(world.ports, world.mappings, mappingName(mapping), task);
}

/** The id of the one record of a set that has this value. */
export function recordId(world: World, set: string, property: string, value: unknown) {
  const record = world.businessCentral.records(set).find((each) => each[property] === value);
  return businessCentralId(String(record?.['id']));
}

/** The id of the one row of a table that has this value. */
export function rowId(world: World, table: string, column: string, value: unknown) {
  const row = world.dataverse.rows(table).find((each) => each[column] === value);
  return dataverseId(String(row?.[`${table}id`]));
}

/** All couplings of a mapping. */
export async function couplingsOf(world: World, mapping: string) {
  const page = { top: 1000, continuation: null };
  return (await world.ports.couplings.list({ mapping: mappingName(mapping) }, page)).rows;
}
