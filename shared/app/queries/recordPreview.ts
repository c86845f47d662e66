/** Two records side by side, and what a run would do with them. Reads only. */
import type { RecordKey } from '../../domain/actions/actionRun.ts';
import {
  type ComparedField,
  compareFields,
  type VersionChoice,
  versionChoice,
} from '../../domain/actions/recordComparison.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { actionHead } from '../../domain/sync/plan.ts';
import type { PlannedAction, RecordPair } from '../../domain/sync/planTypes.ts';
import { sourceNotFound } from '../actions/checkPartners.ts';
import { couplingsOfKeys } from '../actions/chooseRecords.ts';
import { planAction } from '../actions/requestAction.ts';
import { runRequestFor } from '../jobs/runRequest.ts';
import type { RunScope } from '../run/runScope.ts';
import { runMapping } from '../runMapping.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { openReadingScope } from './readingScope.ts';

/** What is known of one record, or of two. */
export interface RecordPreview {
  readonly pair: RecordPair;
  readonly fields: readonly ComparedField[];
  /** Null unless both records exist. */
  readonly choice: VersionChoice | null;
  /** What a run would do; of two records that are not coupled, what coupling them would. */
  readonly actions: readonly PlannedAction[];
}

/**
 * The record of the other side is the one it is coupled to, unless both are named. Raises SyncFailure `source-not-found`
 * when none of the named records exists.
 */
export async function previewRecord(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  mapping: TableMapping,
  key: RecordKey,
): Promise<RecordPreview> {
  const scope = await openReadingScope(ports, mappings, mapping);
  const pair = await readPair(scope, key);
  if (!pair.businessCentral && !pair.dataverse) {
    const isOurs = key.businessCentralId !== null;
    throw sourceNotFound(
      isOurs ? 'Business Central' : 'Sales',
      key.businessCentralId ?? key.dataverseId ?? '',
    );
  }
  const fields = compareFields(mapping, pair, scope.digest);
  const actions = await plannedFor(ports, mappings, mapping, pair);
  return { pair, fields, choice: versionChoice(mapping, pair, fields, actions), actions };
}

async function readPair({ ports, mapping, selections }: RunScope, key: RecordKey): Promise<RecordPair> {
  const [coupling = null] = await couplingsOfKeys(ports, mapping, [key]);
  const ours = key.businessCentralId ?? coupling?.businessCentralId;
  const theirs = key.dataverseId ?? coupling?.dataverseId;
  const [[businessCentral = null], [dataverse = null]] = await Promise.all([
    ports.businessCentral.readByIds(selections.businessCentral, ours === undefined ? [] : [ours]),
    ports.dataverse.readByIds(selections.dataverse, theirs === undefined ? [] : [theirs]),
  ]);
  return { businessCentral, dataverse, coupling };
}

async function plannedFor(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  mapping: TableMapping,
  pair: RecordPair,
): Promise<readonly PlannedAction[]> {
  const { businessCentral, dataverse, coupling } = pair;
  if (!coupling && businessCentral && dataverse) {
    const ids = { businessCentralId: businessCentral.id, dataverseId: dataverse.id };
    const task = { kind: 'couple', ...ids, initialSync: 'none' } as const;
    return (await planAction(ports, mappings, mapping.name, task)).actions;
  }
  const chosen = {
    businessCentral: [businessCentral?.id ?? coupling?.businessCentralId].filter((id) => id !== undefined),
    dataverse: [dataverse?.id ?? coupling?.dataverseId].filter((id) => id !== undefined),
    // Only a record that is asked for whatever the filter says can be found missing.
    withinFilter: businessCentral !== null && dataverse !== null,
  };
  const run = { runId: ports.ids.runId(ports.clock.now()), trigger: 'action' } as const;
  const request = { ...runRequestFor(mapping, run, true), chosen };
  const result = await runMapping(ports, mappings, request);
  if (result.status !== 'done') throw new Error(`A dry run of ${mapping.name} ended as ${result.status}`);
  return result.plan.length > 0 ? result.plan : [leftAlone(mapping, pair)];
}

/** A record that is in no counter of a run. */
function leftAlone(mapping: TableMapping, pair: RecordPair): PlannedAction {
  const pass = pair.businessCentral === null ? 'toBusinessCentral' : 'toDataverse';
  const reason =
    'A run leaves the record alone: it is outside the filter, or only coupled records are synchronised.';
  return { ...actionHead({ mapping, pass, pair }), kind: 'skip', code: 'no-candidate', reason };
}
