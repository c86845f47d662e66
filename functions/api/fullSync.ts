/** The full synchronisation review: its lines, start, restart and reset (A-79 to A-86, E-133 to E-141). */

import { z } from 'zod';
import { type LineView, readReview } from '../../shared/app/fullSync/readReview.ts';
import {
  resetFullSync,
  restartable,
  restartFullSync,
  type StartedFullSync,
  startFullSync,
  type Wishes,
} from '../../shared/app/fullSync/startFullSync.ts';
import { inDependencyOrder } from '../../shared/app/jobs/requestRuns.ts';
import { planRuns } from '../../shared/app/queries/planRuns.ts';
import type { Composition, OpenApp } from '../../shared/composition/composition.ts';
import { recommendations } from '../../shared/domain/fullSync/review.ts';
import { withoutLines } from '../../shared/domain/mappings/linesAlone.ts';
import type { TableMapping } from '../../shared/domain/mappings/model.ts';
import { listOf } from '../http/answerSchema.ts';
import { badRequest } from '../http/apiError.ts';
import { type Answer, type Endpoint, endpoint, ok } from '../http/endpoint.ts';
import { flagParameter } from '../http/input.ts';
import { actionAnswers } from './actionAnswers.ts';
import { fullSyncLine } from './answers/jobs.ts';
import { planView } from './planView.ts';
import { runsAnswer, type SkippedRun } from './runAnswers.ts';

const bodySchema = z.strictObject({
  mappings: z.array(z.string()).exactOptional(),
  recommendations: z
    .record(z.string(), z.enum(recommendations, `must be one of ${recommendations.join(', ')}`))
    .exactOptional(),
  keepCreatingNew: z.boolean().exactOptional(),
});

type Wanted = z.output<typeof bodySchema>;

const read = endpoint({
  name: 'full-sync-read',
  method: 'GET',
  route: 'api/full-sync',
  query: {},
  answers: { 200: listOf(fullSyncLine) },
  handle: async (app) => {
    const { ports, mappings } = await app.open();
    return ok({ value: await readReview(ports, mappings) });
  },
});

const start = endpoint({
  name: 'full-sync-start',
  method: 'POST',
  route: 'api/full-sync',
  query: { wait: flagParameter, dryRun: flagParameter },
  body: bodySchema,
  answers: actionAnswers,
  handle: async (app, { query, body }) => {
    const opened = await app.open();
    const chosen = choose(opened.mappings, body);
    if (query.dryRun) return planAnswer(opened, chosen.enabled, body);
    const started = await startFullSync(opened.ports, chosen.enabled, wishesOf(body));
    return startedAnswer(app, opened, { body, started, disabled: chosen.disabled, wait: query.wait });
  },
});

const restart = endpoint({
  name: 'full-sync-restart',
  method: 'POST',
  route: 'api/full-sync/restart',
  query: { wait: flagParameter, dryRun: flagParameter },
  body: bodySchema,
  answers: actionAnswers,
  handle: async (app, { query, body }) => {
    const opened = await app.open();
    const { ports, mappings } = opened;
    const { enabled, disabled } = choose(mappings, body);
    const named = body.mappings === undefined ? null : enabled.map(({ name }) => name);
    const all = withoutLines(mappings).filter((mapping) => mapping.enabled);
    if (query.dryRun) return planAnswer(opened, await restartable(ports, all, named), body);
    const started = await restartFullSync(ports, all, named, wishesOf(body));
    return startedAnswer(app, opened, { body, started, disabled, wait: query.wait });
  },
});

const reset = endpoint({
  name: 'full-sync-reset',
  method: 'POST',
  route: 'api/full-sync/reset',
  query: {},
  answers: { 200: listOf(fullSyncLine) },
  handle: async (app) => {
    const { ports, mappings } = await app.open();
    await resetFullSync(ports, mappings);
    const value: readonly LineView[] = await readReview(ports, mappings);
    return ok({ value });
  },
});

/** Reading the review, and starting, restarting and resetting the full synchronisation. */
export const fullSyncEndpoints: readonly Endpoint[] = [read, start, restart, reset];

interface StartedAnswer {
  readonly body: Wanted;
  readonly started: StartedFullSync;
  readonly disabled: readonly TableMapping[];
  readonly wait: boolean;
}

async function startedAnswer(
  app: Composition,
  opened: OpenApp,
  { body, started, disabled, wait }: StartedAnswer,
): Promise<Answer> {
  const { runs, left } = started;
  if (body.keepCreatingNew === true) await opened.catalog.refreshed();
  const skipped = [...disabled.map(disabledRun), ...left.map(leftRun)];
  return runsAnswer(opened, { runs, skipped }, wait ? app.waiting : null);
}

function wishesOf({ recommendations: choices = {}, keepCreatingNew = false }: Wanted): Wishes {
  return { choices, keepsCreatingNew: keepCreatingNew };
}

/** Lines recommended `none` are planned no more than they would be run. */
async function planAnswer(
  { ports, mappings }: OpenApp,
  chosen: readonly TableMapping[],
  { recommendations: choices = {} }: Wanted,
): Promise<Answer> {
  const { review } = await ports.fullSync.get();
  const remembered = new Map<string, string | null>(review.map((line) => [line.mapping, line.chosen]));
  const run = chosen.filter(({ name }) => (choices[name] ?? remembered.get(name)) !== 'none');
  return ok(planView(await planRuns(ports, mappings, inDependencyOrder(run), 'fullSync')));
}

/** The named mappings, or all; those that are disabled, or lines, are passed over. Raises ApiError 400 naming every unknown one. */
function choose(
  mappings: readonly TableMapping[],
  { mappings: names, recommendations: choices = {} }: Wanted,
) {
  const isKnown = (name: string) => mappings.some((mapping) => mapping.name === name);
  const unknown = [
    ...(names ?? []).flatMap((name, index) =>
      isKnown(name) ? [] : [unknownMapping(name, `mappings.${index}`)],
    ),
    ...Object.keys(choices)
      .filter((name) => !isKnown(name))
      .map((name) => unknownMapping(name, `recommendations.${name}`)),
  ];
  if (unknown.length > 0) throw badRequest(unknown);
  const wanted = withoutLines(mappings).filter(({ name }) => names === undefined || names.includes(name));
  const disabled = names === undefined ? [] : wanted.filter(({ enabled }) => !enabled);
  return { enabled: wanted.filter(({ enabled }) => enabled), disabled };
}

function unknownMapping(name: string, target: string) {
  return { code: 'mapping-not-found', message: `names no table mapping: "${name}"`, target };
}

function disabledRun({ name }: TableMapping): SkippedRun {
  return { job: name, code: 'mapping-disabled', message: `The table mapping ${name} is disabled.` };
}

function leftRun({ name }: TableMapping): SkippedRun {
  const message = `${name} is recommended "none": there is nothing to synchronise.`;
  return { job: name, code: 'recommended-none', message };
}
