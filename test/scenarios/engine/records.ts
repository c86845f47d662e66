/** Creates, edits and deletes records in the simulators, as users do. */
import type { ScenarioValues } from '../schemaValues.ts';
import type { AliasPlace } from './aliases.ts';
import type { Stage } from './stage.ts';
import {
  businessCentralValues,
  dataverseBody,
  expanded,
  splitForCreate,
  splitKey,
  tableOf,
} from './values.ts';

type Side = 'businessCentral' | 'dataverse';

/** A write by a user; `alias` names the record. */
export interface UserWrite {
  readonly alias: string;
  readonly side: Side;
  readonly values: ScenarioValues;
  readonly user: string;
}

/** Creates a record and gives its id to the alias. */
export function createRecord(stage: Stage, place: AliasPlace, write: UserWrite): void {
  const { alias, side, values, user } = write;
  if (side === 'dataverse') {
    const { first, later } = splitForCreate(place.table, values);
    const { primaryId } = tableOf(place.table);
    const row = stage.world.dataverse.create(place.table, dataverseBody(stage, place.table, first), user);
    stage.aliases.name(alias, place, { dataverseId: String(row[primaryId]) });
    if (Object.keys(later).length > 0) editRecord(stage, { ...write, values: later });
    return;
  }
  const bySet = businessCentralValues(stage, place.entitySet, values);
  const record = stage.world.businessCentral.create(place.entitySet, bySet.get(place.entitySet) ?? {}, user);
  const id = String(record['id']);
  for (const [set, changes] of bySet)
    if (set !== place.entitySet) stage.world.businessCentral.edit(set, id, changes, user);
  stage.aliases.name(alias, place, { businessCentralId: id });
}

/** Changes a record; values of companion sets are further edits of the same row. */
export function editRecord(stage: Stage, { alias, side, values, user }: UserWrite): void {
  const entry = stage.aliases.get(alias);
  const id = stage.aliases.idOn(alias, side);
  if (side === 'dataverse') {
    stage.world.dataverse.edit(entry.table, id, dataverseBody(stage, entry.table, values), user);
    return;
  }
  for (const [set, changes] of businessCentralValues(stage, entry.entitySet, values))
    if (Object.keys(changes).length > 0) stage.world.businessCentral.edit(set, id, changes, user);
}

/** Deletes a record; the alias keeps its id, so that what is left can be checked. */
export function deleteRecord(stage: Stage, alias: string, side: Side, user: string): void {
  const entry = stage.aliases.get(alias);
  const id = stage.aliases.idOn(alias, side);
  if (side === 'dataverse') stage.world.dataverse.remove(entry.table, id, user);
  else stage.world.businessCentral.remove(entry.entitySet, id, user);
}

/** Takes time and version of an edit now; `commit` makes it visible. */
export function reserveEdit(stage: Stage, name: string, { alias, side, values, user }: UserWrite): void {
  const entry = stage.aliases.get(alias);
  const id = stage.aliases.idOn(alias, side);
  if (side === 'dataverse') {
    const body = { ...dataverseBody(stage, entry.table, values), [tableOf(entry.table).primaryId]: id };
    stage.reserved.set(name, stage.world.dataverse.reserveWrite(entry.table, body, user));
    return;
  }
  const changes = businessCentralValues(stage, entry.entitySet, values).get(entry.entitySet);
  const { businessCentral } = stage.world;
  stage.reserved.set(name, businessCentral.reserveWrite(entry.entitySet, { ...changes, id }, user));
}

/** Values as the ports key them, for what a service is made to show. */
export function shownValues(stage: Stage, alias: string, side: Side, values: ScenarioValues) {
  const entry = stage.aliases.get(alias);
  const key = (name: string) => {
    if (side === 'dataverse') return name;
    const [set, property] = splitKey(entry.entitySet, name);
    return set === entry.entitySet ? property : `${set}/${property}`;
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [key(name), expanded(value)]));
}
