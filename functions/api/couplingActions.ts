/** Coupling and uncoupling records, and creating counterparts (A-101 and following, E-112, E-113, E-123). */
import { z } from 'zod';
import { checkNewCounterpart } from '../../shared/app/actions/checkNewCounterpart.ts';
import { checkPartners } from '../../shared/app/actions/checkPartners.ts';
import { couplingsOfKeys } from '../../shared/app/actions/chooseRecords.ts';
import { checkDirections } from '../../shared/app/actions/runTask.ts';
import { invoices } from '../../shared/app/documents/movedInvoices.ts';
import { orderMappingName } from '../../shared/app/documents/orders/orderScope.ts';
import { quoteMappingName } from '../../shared/app/documents/quotes/quoteScope.ts';
import type { OpenApp } from '../../shared/composition/composition.ts';
import { initialSynchronizations } from '../../shared/domain/actions/actionRun.ts';
import { covers } from '../../shared/domain/common/directions.ts';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import type { MappingName } from '../../shared/domain/common/ids.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import type { TableMapping } from '../../shared/domain/mappings/model.ts';
import { type Answer, type Endpoint, endpoint } from '../http/endpoint.ts';
import { flagParameter } from '../http/input.ts';
import { actionAnswer, actionAnswers, type NamedResult, type WantedAction } from './actionAnswers.ts';
import {
  type DocumentCall,
  newInvoice,
  newOrder,
  newQuote,
  requireOrderIntegration,
} from './documentActions.ts';
import {
  businessCentralIdField,
  dataverseIdField,
  keyOf,
  mappingField,
  recordsSchema,
} from './recordKeys.ts';

const pairSchema = z.strictObject({
  mapping: mappingField,
  businessCentralId: businessCentralIdField,
  dataverseId: dataverseIdField,
  initialSync: z.enum(initialSynchronizations).default('none'),
});

const newSchema = z
  .strictObject({
    mapping: mappingField,
    businessCentralId: businessCentralIdField.exactOptional(),
    dataverseId: dataverseIdField.exactOptional(),
    createNew: z.literal(true),
  })
  .refine(
    ({ businessCentralId, dataverseId }) => (businessCentralId === undefined) !== (dataverseId === undefined),
    'must have either a businessCentralId or a dataverseId',
  );

/** Which of the two forms is meant is told by `createNew`, so that problems are told of that form only. */
const coupleSchema = z.unknown().transform((body, context) => {
  const isNew = typeof body === 'object' && body !== null && 'createNew' in body;
  const parsed = isNew ? newSchema.safeParse(body) : pairSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: body } as never);
  return z.NEVER;
});

const query = { wait: flagParameter, dryRun: flagParameter };

const couple = endpoint({
  name: 'couplings-create',
  method: 'POST',
  route: 'api/couplings',
  query,
  body: coupleSchema,
  bodyForms: z.union([pairSchema, newSchema]),
  answers: actionAnswers,
  handle: async (app, call) => {
    const opened = await app.open();
    const { body } = call;
    requireOrderIntegration(opened.mappings, body.mapping);
    const document =
      'createNew' in body ? await newDocument({ app, opened, call, key: keyOf(body) }, body) : null;
    if (document !== null) return document;
    const mapping = findMapping(opened.mappings, body.mapping);
    const wanted =
      'createNew' in body ? await newCounterpart(opened, mapping, body) : await pair(opened, mapping, body);
    return actionAnswer(app, opened, call, wanted.actions, wanted.results);
  },
});

const uncouple = endpoint({
  name: 'couplings-delete',
  method: 'POST',
  route: 'api/couplings/delete',
  query,
  body: z.strictObject({ records: recordsSchema }),
  answers: actionAnswers,
  handle: async (app, call) => {
    const opened = await app.open();
    const actions: WantedAction[] = [];
    const results: NamedResult[] = [];
    const names = [...new Set(call.body.records.map(({ mapping }) => mapping))];
    for (const mapping of names.map((name) => findMapping(opened.mappings, name))) {
      const records = call.body.records.filter((record) => record.mapping === mapping.name);
      const wanted = await uncoupling(opened, mapping, records.map(keyOf));
      actions.push(...wanted.actions);
      results.push(...wanted.results);
    }
    return actionAnswer(app, opened, call, actions, results);
  },
});

/** Making and removing couplings. */
export const couplingActionEndpoints: readonly Endpoint[] = [couple, uncouple];

interface Wanted {
  readonly actions: readonly WantedAction[];
  readonly results: readonly NamedResult[];
}

async function pair(
  { ports }: OpenApp,
  mapping: TableMapping,
  { businessCentralId, dataverseId, initialSync }: z.output<typeof pairSchema>,
): Promise<Wanted> {
  if (initialSync !== 'none' && !covers(mapping.direction, initialSync))
    throw directionRefused(mapping.name, initialSync);
  await checkPartners(ports, mapping, { businessCentralId, dataverseId });
  const task = { kind: 'couple', businessCentralId, dataverseId, initialSync } as const;
  const key = { businessCentralId, dataverseId };
  return {
    actions: [{ mapping: mapping.name, task }],
    results: [{ mapping: mapping.name, key, status: 'accepted' }],
  };
}

function directionRefused(mapping: MappingName, direction: string): SyncFailure {
  const message = `The table mapping ${mapping} does not synchronise in the direction ${direction}.`;
  return new SyncFailure({ kind: 'config', code: 'direction-not-allowed', message });
}

/** Documents have rules of their own about what may be made (D-156); null for other records. */
async function newDocument(
  request: DocumentCall,
  { mapping, businessCentralId, dataverseId }: z.output<typeof newSchema>,
): Promise<Answer | null> {
  if (mapping === orderMappingName && dataverseId !== undefined) return newOrder(request, dataverseId);
  if (mapping === quoteMappingName && dataverseId !== undefined) return newQuote(request, dataverseId);
  if (mapping === invoices && businessCentralId !== undefined)
    return newInvoice(request, findMapping(request.opened.mappings, mapping));
  return null;
}

async function newCounterpart(
  { ports }: OpenApp,
  mapping: TableMapping,
  body: z.output<typeof newSchema>,
): Promise<Wanted> {
  const key = keyOf(body);
  const task = {
    kind: 'synchronize',
    manner: 'createNew',
    businessCentralIds: key.businessCentralId ? [key.businessCentralId] : [],
    dataverseIds: key.dataverseId ? [key.dataverseId] : [],
  } as const;
  checkDirections(mapping, task);
  const skipped = await checkNewCounterpart(ports, mapping, key);
  if (skipped) {
    return { actions: [], results: [{ mapping: mapping.name, key, status: 'skipped', ...skipped }] };
  }
  return {
    actions: [{ mapping: mapping.name, task }],
    results: [{ mapping: mapping.name, key, status: 'accepted' }],
  };
}

/** Records without a coupling are told and left out; the others are uncoupled together (E-124). */
async function uncoupling(
  { ports }: OpenApp,
  mapping: TableMapping,
  keys: readonly ReturnType<typeof keyOf>[],
): Promise<Wanted> {
  const couplings = await couplingsOfKeys(ports, mapping, keys);
  const results = keys.map((key, index): NamedResult => {
    if (couplings[index]) return { mapping: mapping.name, key, status: 'accepted' };
    const message = 'The record is not coupled.';
    return { mapping: mapping.name, key, status: 'failed', code: 'coupling-not-found', message };
  });
  const records = couplings.flatMap((coupling) =>
    coupling ? [{ businessCentralId: coupling.businessCentralId, dataverseId: coupling.dataverseId }] : [],
  );
  const task = { kind: 'uncouple', records } as const;
  return { actions: records.length > 0 ? [{ mapping: mapping.name, task }] : [], results };
}
