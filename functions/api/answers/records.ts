/** Schemas of couplings, coupled data errors, plans and what is told of single records (contract section 3). */
import { z } from 'zod';
import { chosenDirections } from '../../../shared/domain/actions/actionRun.ts';
import { mappingDirections, passDirections } from '../../../shared/domain/common/directions.ts';
import { couplingStates } from '../../../shared/domain/couplings/coupling.ts';
import { count, guid, instant, named } from '../../http/answerSchema.ts';
import { counts, requests, syncError, syncJob } from './logs.ts';

const couplingShape = {
  mapping: z.string(),
  businessCentralId: guid,
  dataverseId: guid,
  businessCentralName: z.string(),
  dataverseName: z.string(),
  state: z.enum(couplingStates),
  lastSyncedAt: instant.nullable(),
  lastError: z.strictObject({ code: z.string(), message: z.string(), occurredAt: instant }).nullable(),
};

/** A coupling. */
export const coupling = named('Coupling', z.strictObject(couplingShape));

/** A coupling that waits for a user. */
export const coupledDataError = named(
  'CoupledDataError',
  z.strictObject({
    ...couplingShape,
    businessCentralExists: z.boolean(),
    dataverseExists: z.boolean(),
    code: z.string(),
    message: z.string(),
    failedAt: instant.nullable(),
  }),
);

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const fieldChange = z.strictObject({
  businessCentralField: z.string().exactOptional(),
  attribute: z.string(),
  before: value,
  after: value,
});

/** What a plan may do to a record. */
const plannedKinds = [
  'insert',
  'modify',
  'couple',
  'uncouple',
  'delete',
  'unchanged',
  'skip',
  'conflict',
  'fail',
] as const;

const plannedAction = named(
  'PlannedAction',
  z.strictObject({
    mapping: z.string(),
    kind: z.enum(plannedKinds),
    direction: z.enum(passDirections),
    businessCentralId: guid.exactOptional(),
    dataverseId: guid.exactOptional(),
    name: z.string(),
    fields: z.array(fieldChange),
    code: z.string().exactOptional(),
    reason: z.string().exactOptional(),
  }),
);

/** What a dry run answers. */
export const plan = named('Plan', z.strictObject({ actions: z.array(plannedAction), counts, requests }));

const comparedField = z.strictObject({
  id: z.string(),
  businessCentralField: z.string().nullable(),
  attribute: z.string().nullable(),
  direction: z.enum(mappingDirections),
  businessCentralValue: value,
  dataverseValue: value,
  baseKnown: z.boolean(),
  businessCentralChanged: z.boolean().nullable(),
  dataverseChanged: z.boolean().nullable(),
});

const versionChoice = z.strictObject({
  directions: z.array(z.enum(chosenDirections)),
  recommended: z.enum(chosenDirections),
  overwritesChanges: z.boolean(),
});

/** Two records side by side. */
export const recordPreview = named(
  'RecordPreview',
  z.strictObject({
    mapping: z.string(),
    businessCentralId: guid.nullable(),
    dataverseId: guid.nullable(),
    businessCentralName: z.string().nullable(),
    dataverseName: z.string().nullable(),
    businessCentralExists: z.boolean(),
    dataverseExists: z.boolean(),
    coupling: coupling.nullable(),
    fields: z.array(comparedField),
    choice: versionChoice.nullable(),
    actions: z.array(plannedAction),
  }),
);

/** What the log tells of one record. */
export const recordLog = named(
  'RecordLog',
  z.strictObject({ mapping: z.string(), syncJobs: z.array(syncJob), errors: z.array(syncError) }),
);

const difference = z.strictObject({
  businessCentralId: guid,
  dataverseId: guid,
  name: z.string(),
  missing: z.enum(['businessCentral', 'dataverse', 'both']).nullable(),
  fields: z.array(
    z.strictObject({
      businessCentralField: z.string().nullable(),
      attribute: z.string(),
      businessCentralValue: value,
      dataverseValue: value,
    }),
  ),
  code: z.string().nullable(),
  reason: z.string().nullable(),
});

const sideCount = z.strictObject({ count, uncoupled: count });

/** Both sides of a mapping compared. */
export const reconciliation = named(
  'Reconciliation',
  z.strictObject({
    mapping: z.string(),
    businessCentral: sideCount,
    dataverse: sideCount,
    coupled: z.strictObject({ count, equal: count, different: count, missing: count }),
    differences: z.array(difference),
    requests,
  }),
);
