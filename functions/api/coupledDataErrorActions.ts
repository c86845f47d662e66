/** What a user does about coupled data synchronisation errors. */
import { z } from 'zod';
import { chooseErrors } from '../../shared/app/actions/chooseErrors.ts';
import { chooseFailures, failuresOf, jobsWithFailures } from '../../shared/app/actions/codeRetry.ts';
import { countSkipped, countWaiting } from '../../shared/app/queries/coupledDataErrors.ts';
import type { OpenApp } from '../../shared/composition/composition.ts';
import {
  type ActionTask,
  type ChosenDirection,
  chosenDirections,
  type ErrorSelection,
  type RecordKey,
} from '../../shared/domain/actions/actionRun.ts';
import { errorActions } from '../../shared/domain/actions/coupledDataErrors.ts';
import { unreachable } from '../../shared/domain/common/failures.ts';
import type { MappingName } from '../../shared/domain/common/ids.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import type { TableMapping } from '../../shared/domain/mappings/model.ts';
import { badRequest, type ErrorDetail } from '../http/apiError.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { flagParameter } from '../http/input.ts';
import { actionAnswer, actionAnswers, type NamedResult, type WantedAction } from './actionAnswers.ts';
import { keyOf, recordsSchema } from './recordKeys.ts';

const bodySchema = z.strictObject({
  action: z.enum(errorActions, `must be one of ${errorActions.join(', ')}`),
  records: z.unknown().transform(readRecords),
  direction: z.enum(chosenDirections, `must be one of ${chosenDirections.join(', ')}`).exactOptional(),
  confirm: z.boolean().exactOptional(),
  wake: z.boolean().default(true),
});

type Body = z.output<typeof bodySchema>;

/** Problems are told of the list, or of the word, whichever was meant. */
function readRecords(records: unknown, context: z.RefinementCtx) {
  if (records === 'all') return 'all' as const;
  if (!Array.isArray(records)) {
    context.addIssue({ code: 'custom', message: 'must be a list of records, or "all"' });
    return z.NEVER;
  }
  const parsed = recordsSchema.safeParse(records);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: records } as never);
  return z.NEVER;
}

const act = endpoint({
  name: 'coupled-data-errors-actions',
  method: 'POST',
  route: 'api/coupled-data-errors/actions',
  query: { wait: flagParameter, dryRun: flagParameter },
  body: bodySchema,
  answers: actionAnswers,
  handle: async (app, call) => {
    const opened = await app.open();
    const { body } = call;
    const wanted = body.records === 'all' ? await everyError(opened, body) : await named(opened, body);
    const problems = [
      ...confirmProblems(body, call.query.dryRun),
      ...directionProblems(opened, body, wanted.results),
    ];
    if (problems.length > 0) throw badRequest(problems);
    return actionAnswer(app, opened, call, wanted.actions, wanted.results);
  },
});

/** Acting on coupled data errors. */
export const coupledDataErrorActionEndpoints: readonly Endpoint[] = [act];

interface Wanted {
  readonly actions: readonly WantedAction[];
  readonly results: readonly NamedResult[];
}

/** Deleting has no undo; looking at what would be deleted needs no confirmation. */
function confirmProblems({ action, confirm }: Body, dryRun: boolean): readonly ErrorDetail[] {
  if (action !== 'delete' || confirm === true || dryRun) return [];
  return [{ code: 'confirm-missing', message: 'must be true: records are deleted', target: 'confirm' }];
}

/** Only mappings of both directions need to be told which one (E-129). */
function directionProblems(
  { mappings }: OpenApp,
  { action, direction }: Body,
  results: readonly NamedResult[],
): readonly ErrorDetail[] {
  if (action !== 'synchronize' || direction !== undefined) return [];
  const all = new Set(results.map(({ mapping }) => mapping));
  const names = [...all].filter((name) => failuresOf(mappings, name) === null);
  const open = names.filter((name) => findMapping(mappings, name).direction === 'both');
  const message = `must be given: ${open.join(', ')} can be synchronised either way`;
  return open.length === 0 ? [] : [{ code: 'direction-missing', message, target: 'direction' }];
}

async function named(opened: OpenApp, body: Body): Promise<Wanted> {
  const records = body.records === 'all' ? [] : body.records;
  const actions: WantedAction[] = [];
  const results: NamedResult[] = [];
  const names = [...new Set(records.map(({ mapping }) => mapping))];
  for (const name of names) {
    const job = failuresOf(opened.mappings, name);
    if (job !== null) {
      const keys = records.filter(({ mapping }) => mapping === name).map(keyOf);
      const wanted = await namedOfJob(opened, body, { job, mapping: name }, keys);
      actions.push(...wanted.actions);
      results.push(...wanted.results);
      continue;
    }
    const mapping = findMapping(opened.mappings, name);
    const keys = records.filter((record) => record.mapping === mapping.name).map(keyOf);
    const choice = { keys, action: body.action };
    const chosen = await chooseErrors(opened.ports, opened.mappings, mapping, choice);
    const accepted = chosen.filter(({ status }) => status === 'accepted').map(({ key }) => key);
    if (accepted.length > 0) actions.push({ mapping: mapping.name, task: taskOf(mapping, body, accepted) });
    results.push(
      ...chosen.map(({ leftOut, ...result }) => ({ mapping: mapping.name, ...result, ...leftOut })),
    );
  }
  return { actions, results };
}

/** Every coupled data error of every mapping, found page by page when the action runs. */
async function everyError({ ports, mappings }: OpenApp, body: Body): Promise<Wanted> {
  const actions: WantedAction[] = [];
  const results: NamedResult[] = [];
  for (const mapping of mappings) {
    const coupled = await countSkipped(ports, mapping.name);
    const records = coupled + (body.action === 'retry' ? await countWaiting(ports, mapping.name) : 0);
    if (records === 0) continue;
    actions.push({ mapping: mapping.name, task: taskOf(mapping, body, null) });
    results.push({ mapping: mapping.name, key: null, status: 'accepted', records });
  }
  if (body.action !== 'retry') return { actions, results };
  const jobs = await jobsWithFailures(ports, mappings);
  return {
    actions: [...actions, ...jobs.map(({ job }) => ({ mapping: job, task: retryOf(body, null) }))],
    results: [
      ...results,
      ...jobs.map(
        ({ job, records }): NamedResult => ({ mapping: job, key: null, status: 'accepted', records }),
      ),
    ],
  };
}

function taskOf(
  mapping: TableMapping,
  { action, direction, wake }: Body,
  records: ErrorSelection,
): ActionTask {
  switch (action) {
    case 'retry':
      return retryOf({ wake }, records);
    case 'removeCoupling':
      return records === null ? { kind: 'uncoupleErrors' } : { kind: 'uncouple', records };
    case 'synchronize':
      return { kind: 'synchronizeErrors', records, direction: directionFor(mapping, direction) };
    case 'restore':
      return { kind: 'restore', records };
    case 'delete':
      return { kind: 'delete', records };
    default:
      return unreachable(action);
  }
}

function retryOf({ wake }: Pick<Body, 'wake'>, records: ErrorSelection): ActionTask {
  return { kind: 'retry', records, wake };
}

/** Failures of jobs that run code concern no coupling of a mapping: they can be retried, and nothing else. */
async function namedOfJob(
  { ports }: OpenApp,
  body: Body,
  { job, mapping }: { readonly job: MappingName; readonly mapping: MappingName },
  keys: readonly RecordKey[],
): Promise<Wanted> {
  const named = mapping === job ? { mapping } : { mapping, runsAs: job };
  if (body.action !== 'retry') {
    const message = `Errors of ${job} can be retried only.`;
    const leftOut = { status: 'skipped', code: 'only-retry', message } as const;
    return { actions: [], results: keys.map((key) => ({ ...named, key, ...leftOut })) };
  }
  const chosen = await chooseFailures(ports, job, keys);
  const accepted = chosen.filter(({ status }) => status === 'accepted').map(({ key }) => key);
  return {
    actions: accepted.length === 0 ? [] : [{ mapping: job, task: retryOf(body, accepted) }],
    results: chosen.map(({ leftOut, ...result }) => ({ ...named, ...result, ...leftOut })),
  };
}

/** Mappings of one direction keep to it, whatever was chosen (E-129). */
function directionFor({ direction }: TableMapping, chosen: ChosenDirection = 'merge'): ChosenDirection {
  return direction === 'both' ? chosen : direction;
}
