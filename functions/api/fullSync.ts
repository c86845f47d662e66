/** Full synchronisation of several mappings in dependency order (E-136, E-137). */
import { z } from 'zod';
import { inDependencyOrder, requestFullSync } from '../../shared/app/jobs/requestRuns.ts';
import { planRuns } from '../../shared/app/queries/planRuns.ts';
import type { TableMapping } from '../../shared/domain/mappings/model.ts';
import { badRequest } from '../http/apiError.ts';
import { type Endpoint, endpoint, ok } from '../http/endpoint.ts';
import { flagParameter } from '../http/input.ts';
import { planView } from './planView.ts';
import { runsAnswer, type SkippedRun } from './runAnswers.ts';

const start = endpoint({
  name: 'full-sync-start',
  method: 'POST',
  route: 'api/full-sync',
  query: { wait: flagParameter, dryRun: flagParameter },
  body: z.strictObject({ mappings: z.array(z.string()).exactOptional() }),
  handle: async (app, { query, body }) => {
    const opened = await app.open();
    const { ports, mappings } = opened;
    const { chosen, skipped } = choose(mappings, body.mappings ?? null);
    if (query.dryRun) {
      return ok(planView(await planRuns(ports, mappings, inDependencyOrder(chosen), 'fullSync')));
    }
    const runs = await requestFullSync(ports, chosen);
    return runsAnswer(opened, { runs, skipped }, query.wait ? app.waiting : null);
  },
});

/** Starting a full synchronisation. */
export const fullSyncEndpoints: readonly Endpoint[] = [start];

/** The named mappings, or all; those that are disabled are passed over. Raises ApiError 400 naming every unknown one. */
function choose(mappings: readonly TableMapping[], names: readonly string[] | null) {
  const unknown = (names ?? []).flatMap((name, index) =>
    mappings.some((mapping) => mapping.name === name) ? [] : [unknownMapping(name, index)],
  );
  if (unknown.length > 0) throw badRequest(unknown);
  const wanted = mappings.filter(({ name }) => names === null || names.includes(name));
  const skipped = names === null ? [] : wanted.filter(({ enabled }) => !enabled).map(skippedRun);
  return { chosen: wanted.filter(({ enabled }) => enabled), skipped };
}

function unknownMapping(name: string, index: number) {
  const message = `names no table mapping: "${name}"`;
  return { code: 'mapping-not-found', message, target: `mappings.${index}` };
}

function skippedRun({ name }: TableMapping): SkippedRun {
  return { job: name, code: 'mapping-disabled', message: `The table mapping ${name} is disabled.` };
}
