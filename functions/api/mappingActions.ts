/** Actions on a whole table mapping (A-28 to A-32, E-116, E-124, E-130, E-131). */
import { z } from 'zod';
import { checkMatchFields } from '../../shared/app/actions/checkMatchFields.ts';
import { checkMode } from '../../shared/app/actions/runTask.ts';
import { requestModified } from '../../shared/app/jobs/requestRuns.ts';
import { planRuns } from '../../shared/app/queries/planRuns.ts';
import type { OpenApp } from '../../shared/composition/composition.ts';
import { type ActionTask, mappingModes } from '../../shared/domain/actions/actionRun.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import { refuseLinesAlone, withoutLines } from '../../shared/domain/mappings/linesAlone.ts';
import type { TableMapping } from '../../shared/domain/mappings/model.ts';
import { badRequest } from '../http/apiError.ts';
import { type Endpoint, endpoint, ok } from '../http/endpoint.ts';
import { flagParameter } from '../http/input.ts';
import { actionAnswer, actionAnswers } from './actionAnswers.ts';
import { planView } from './planView.ts';
import { runsAnswer } from './runAnswers.ts';

const query = { wait: flagParameter, dryRun: flagParameter };

const synchronize = mappingAction(
  'synchronize',
  z.strictObject({ mode: z.enum(mappingModes) }),
  (mapping, { mode }) => {
    checkMode(mapping, mode);
    return { kind: 'mapping', mode };
  },
);

const match = mappingAction(
  'match',
  z.strictObject({
    fields: z
      .array(
        z.strictObject({
          id: z.string(),
          priority: z.int().min(0).default(0),
          caseSensitive: z.boolean().default(false),
        }),
      )
      .exactOptional(),
    createNew: z.boolean().default(false),
    synchronizeAfter: z.boolean().default(false),
  }),
  (mapping, { fields = null, createNew, synchronizeAfter }) => {
    const problems = checkMatchFields(mapping, fields);
    if (problems.length > 0) throw badRequest(problems);
    return { kind: 'match', fields, createNew, synchronizeAfter };
  },
);

const uncouple = mappingAction(
  'uncouple',
  z.strictObject({ confirm: z.literal(true, 'must be true: every coupling of the mapping is removed') }),
  () => ({ kind: 'uncoupleAll' }),
);

const allModified = endpoint({
  name: 'synchronize-modified',
  method: 'POST',
  route: 'api/synchronize-modified',
  query,
  answers: actionAnswers,
  handle: async (app, call) => {
    const opened = await app.open();
    const { ports, mappings } = opened;
    const chosen = withoutLines(mappings).filter(({ kind, enabled }) => enabled && kind !== 'option');
    if (call.query.dryRun) return ok(planView(await planRuns(ports, mappings, chosen, 'manual')));
    const runs = await requestModified(ports, chosen);
    return runsAnswer(opened, { runs, skipped: [] }, call.query.wait ? app.waiting : null);
  },
});

/** Acting on whole mappings. */
export const mappingActionEndpoints: readonly Endpoint[] = [synchronize, match, uncouple, allModified];

/** One action on the mapping that the address names; `taskOf` raises what makes it impossible. */
function mappingAction<Body>(
  action: string,
  body: z.ZodType<Body>,
  taskOf: (mapping: TableMapping, body: Body, opened: OpenApp) => ActionTask,
): Endpoint {
  return endpoint({
    name: `table-mappings-${action}`,
    method: 'POST',
    route: `api/table-mappings/{name}/${action}`,
    query,
    body,
    answers: actionAnswers,
    handle: async (app, call) => {
      const opened = await app.open();
      const mapping = findMapping(opened.mappings, mappingName(call.params['name'] ?? ''));
      refuseLinesAlone(mapping);
      const task = taskOf(mapping, call.body, opened);
      const actions = [{ mapping: mapping.name, task }];
      return actionAnswer(app, opened, call, actions, [
        { mapping: mapping.name, key: null, status: 'accepted' },
      ]);
    },
  });
}
