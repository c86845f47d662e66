/** Synchronising chosen records now (E-126 to E-128, A-62 to A-66). */
import { z } from 'zod';
import { type ChosenRecord, chooseRecords } from '../../shared/app/actions/chooseRecords.ts';
import { checkDirections } from '../../shared/app/actions/runTask.ts';
import { customersMapping } from '../../shared/app/statistics/couplingPages.ts';
import { statisticsJob } from '../../shared/app/statistics/statisticsSolution.ts';
import type { Composition, OpenApp } from '../../shared/composition/composition.ts';
import {
  type ActionTask,
  type ChosenDirection,
  chosenDirections,
  type RecordKey,
} from '../../shared/domain/actions/actionRun.ts';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import { badRequest } from '../http/apiError.ts';
import { type Answer, type Endpoint, endpoint } from '../http/endpoint.ts';
import { flagParameter } from '../http/input.ts';
import { type ActionCall, actionAnswer, actionAnswers, type NamedResult } from './actionAnswers.ts';
import { businessCentralIdField, dataverseIdField, mappingField, mostRecords } from './recordKeys.ts';

const synchronize = endpoint({
  name: 'records-synchronize',
  method: 'POST',
  route: 'api/records/synchronize',
  query: { wait: flagParameter, dryRun: flagParameter },
  body: z.strictObject({
    mapping: mappingField,
    businessCentralIds: z.array(businessCentralIdField).max(mostRecords).default([]),
    dataverseIds: z.array(dataverseIdField).max(mostRecords).default([]),
    direction: z.enum(chosenDirections),
  }),
  answers: actionAnswers,
  handle: async (app, call) => {
    const opened = await app.open();
    const { body } = call;
    const keys: readonly RecordKey[] = [
      ...body.businessCentralIds.map((id) => ({ businessCentralId: id, dataverseId: null })),
      ...body.dataverseIds.map((id) => ({ businessCentralId: null, dataverseId: id })),
    ];
    if (keys.length === 0) throw nothingChosen();
    if (body.mapping === statisticsJob) return updateStatistics({ app, opened, call }, keys, body.direction);
    const mapping = findMapping(opened.mappings, body.mapping);
    const chosen = await chooseRecords(opened.ports, mapping, keys, body.direction);
    const task = taskOf(chosen, body.direction);
    checkDirections(mapping, task);
    const results = chosen.map(
      ({ key, skipped }): NamedResult => ({
        mapping: mapping.name,
        key,
        ...(skipped ? { status: 'skipped', ...skipped } : { status: 'accepted' }),
      }),
    );
    const isEmpty = results.every(({ status }) => status === 'skipped');
    return actionAnswer(app, opened, call, isEmpty ? [] : [{ mapping: mapping.name, task }], results);
  },
});

/** Acting on chosen records. */
export const recordActionEndpoints: readonly Endpoint[] = [synchronize];

/** Statistics of named customers have no mapping: their job's name stands for one (ST-15). */
async function updateStatistics(
  { app, opened, call }: { readonly app: Composition; readonly opened: OpenApp; readonly call: ActionCall },
  keys: readonly RecordKey[],
  direction: ChosenDirection,
): Promise<Answer> {
  if (direction !== 'toDataverse') throw onlyToDataverse();
  const customers = findMapping(opened.mappings, customersMapping);
  const chosen = await chooseRecords(opened.ports, customers, keys, 'merge');
  const results = chosen.map(
    ({ key, skipped }): NamedResult => ({
      mapping: statisticsJob,
      key,
      ...(skipped ? { status: 'skipped', ...skipped } : { status: 'accepted' }),
    }),
  );
  const ids = chosen.flatMap(({ coupling, skipped }) =>
    coupling && !skipped ? [coupling.businessCentralId] : [],
  );
  const task = { kind: 'updateStatistics', businessCentralIds: [...new Set(ids)] } as const;
  const actions = ids.length === 0 ? [] : [{ mapping: statisticsJob, task }];
  return actionAnswer(app, opened, call, actions, results);
}

function onlyToDataverse() {
  const message = `${statisticsJob} synchronises to Sales only.`;
  return new SyncFailure({ kind: 'config', code: 'direction-not-allowed', message });
}

function nothingChosen() {
  const message = 'must name at least one record';
  return badRequest([{ code: 'empty-selection', message, target: 'businessCentralIds' }]);
}

/** Each pair once, whichever side named it; a merge reads both sides. */
function taskOf(
  chosen: readonly ChosenRecord[],
  direction: ChosenDirection,
): Extract<ActionTask, { kind: 'synchronize' }> {
  const couplings = chosen.flatMap(({ coupling, skipped }) => (coupling && !skipped ? [coupling] : []));
  const ours = [...new Set(couplings.map(({ businessCentralId }) => businessCentralId))];
  const theirs = [...new Set(couplings.map(({ dataverseId }) => dataverseId))];
  return {
    kind: 'synchronize',
    manner: direction === 'merge' ? 'merge' : 'force',
    businessCentralIds: direction === 'toBusinessCentral' ? [] : ours,
    dataverseIds: direction === 'toDataverse' ? [] : theirs,
  };
}
