/** The published shape of a scenario file: initial state, steps, and what must hold after them (see README.md). */
import { z } from 'zod';
import { passDirections, sides } from '../../shared/domain/common/directions.ts';
import { failureKinds } from '../../shared/domain/common/failures.ts';
import { couplingStates } from '../../shared/domain/couplings/coupling.ts';
import { counterNames, runTriggers } from '../../shared/domain/logs/syncJob.ts';
import { documentSettings, expectedLines, payStep, reviseStep, winStep } from './schemaDocuments.ts';
import { mappingOverridesSchema } from './schemaMappings.ts';
import { alias, type ScenarioValues, values } from './schemaValues.ts';

const side = z.enum(sides);
const count = z.number().int().min(0);

/** What the two systems hold of one record before the first step. */
const initialRecord = z
  .strictObject({
    businessCentral: values.optional(),
    dataverse: values.optional(),
    /**
     * `true`: both sides were synchronised before the first step (one side is enough, the other is created).
     * `pending`: coupled by hand and never synchronised; needs both sides.
     */
    coupled: z.union([z.literal(true), z.literal('pending')]).optional(),
    /** Records of Business Central that belong to it, such as exchange rates; by entity set, then by alias. */
    children: z.record(z.string(), z.record(alias, values)).optional(),
  })
  .refine((record) => record.businessCentral ?? record.dataverse, 'states neither side')
  .refine(
    (record) => record.coupled !== 'pending' || (record.businessCentral && record.dataverse),
    'is coupled by hand and must state both sides',
  );
export type InitialRecord = z.infer<typeof initialRecord>;

const counters = z.partialRecord(z.enum(counterNames), count);

/** Counters that are not named must be 0, unless `others` is `any`. */
const expectedCounters = z.strictObject({
  toDataverse: counters.optional(),
  toBusinessCentral: counters.optional(),
  others: z.literal('any').optional(),
});

const requests = z.strictObject({ businessCentral: count, dataverse: count });

const expectedError = z.strictObject({
  record: alias,
  code: z.string(),
  kind: z.enum(failureKinds).optional(),
  field: z.string().optional(),
  direction: z.enum(passDirections).optional(),
});
export type ExpectedError = z.infer<typeof expectedError>;

const expectedCoupling = z.union([
  z.enum([...couplingStates, 'none']),
  z.strictObject({ state: z.enum(couplingStates), with: alias }),
]);

/** What must hold at a point of the scenario; open errors not named are a failure unless `errors` is `any`. */
const stateExpectation = z.strictObject({
  values: z
    .strictObject({
      businessCentral: z.record(alias, values.nullable()).optional(),
      dataverse: z.record(alias, values.nullable()).optional(),
    })
    .optional(),
  /** Lines of orders and quotes in Business Central. */
  lines: expectedLines.optional(),
  errors: z.union([z.literal('any'), z.array(expectedError)]).default([]),
  couplings: z.record(alias, expectedCoupling).optional(),
  /** Number of records by entity set (Business Central) or table (Dataverse). */
  numbers: z
    .strictObject({
      businessCentral: z.record(z.string(), count).optional(),
      dataverse: z.record(z.string(), count).optional(),
    })
    .optional(),
});
export type StateExpectation = z.infer<typeof stateExpectation>;

const runExpectation = stateExpectation.extend({
  counters: expectedCounters.default({}),
  requests: z
    .strictObject({ toDataverse: requests.optional(), toBusinessCentral: requests.optional() })
    .optional(),
  /** Code of the failure that ended the run; without it the run must end well. */
  jobError: z.string().optional(),
});
export type RunExpectation = z.infer<typeof runExpectation>;

const as = z.string().min(1).default('alice');

const faultEffect = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('respond'),
    status: z.number().int().min(100).max(599),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.union([z.record(z.string(), z.unknown()), z.string()]).optional(),
  }),
  z.strictObject({ kind: z.literal('dropBefore') }),
  z.strictObject({ kind: z.literal('dropAfter') }),
]);

const step = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('edit'), record: alias, side, changes: values, as }),
  /** `in` is a mapping, or an entity set or table that no mapping covers. */
  z.strictObject({ do: z.literal('create'), record: alias, in: z.string(), side, values, as }),
  z.strictObject({ do: z.literal('delete'), record: alias, side, as }),
  reviseStep,
  winStep,
  payStep,
  /** Deletes this many records `<prefix>1`, `<prefix>2`, ... */
  z.strictObject({ do: z.literal('deleteMany'), prefix: z.string(), count: count.min(1), side, as }),
  z.strictObject({ do: z.literal('advanceMinutes'), minutes: z.number().positive() }),
  /** Takes time and version of an edit now; `commit` makes it visible. */
  z.strictObject({ do: z.literal('reserve'), name: z.string(), record: alias, side, changes: values, as }),
  z.strictObject({ do: z.literal('commit'), name: z.string() }),
  /** From now on the service shows the record with these values, or as never stamped. */
  z.strictObject({
    do: z.literal('pretend'),
    record: alias,
    side,
    values: values.optional(),
    neverStamped: z.boolean().optional(),
  }),
  z.strictObject({
    do: z.literal('fault'),
    side,
    method: z.string().optional(),
    path: z.string().optional(),
    skip: count.optional(),
    times: count.min(1).optional(),
    effect: faultEffect,
  }),
  z.strictObject({ do: z.literal('configure'), mappings: mappingOverridesSchema }),
  z.strictObject({
    do: z.literal('run'),
    job: z.string(),
    trigger: z.enum(runTriggers).default('manual'),
    expect: runExpectation.prefault({}),
  }),
  z.strictObject({ do: z.literal('check'), expect: stateExpectation }),
]);
export type Step = z.infer<typeof step>;
export type FaultStep = Extract<Step, { do: 'fault' }>;

/** One scenario; the title is the promise it checks, in one sentence. */
export const scenarioSchema = z.strictObject({
  title: z.string().min(10),
  /** Rules of the reference, such as `E-37`, or promises and documents, such as `P1` or `DESIGN`. */
  rules: z.array(z.string().regex(/^([A-Z]-\d+|P\d+|DESIGN)$/)).min(1),
  mappings: mappingOverridesSchema.default({}),
  /** Settings of documents; everything is off without. */
  settings: documentSettings.prefault({}),
  /** False leaves Sales without the local currency of the company, GBP. */
  localCurrencyInSales: z.boolean().default(true),
  /** By mapping, then by alias. `many` copies make aliases `<alias>1`, `<alias>2`, ... with `#` for the number. */
  records: z.record(z.string(), z.record(alias, initialRecord)).default({}),
  many: z
    .array(
      z.strictObject({
        mapping: z.string(),
        prefix: z.string().regex(/^[a-z][a-zA-Z]*$/),
        count: count.min(1).max(1000),
        record: initialRecord,
      }),
    )
    .default([]),
  /** Records no mapping covers, such as exchange rates; created first. */
  others: z
    .strictObject({
      businessCentral: z.record(z.string(), z.record(alias, values)).optional(),
      dataverse: z.record(z.string(), z.record(alias, values)).optional(),
    })
    .default({}),
  steps: z.array(step).min(1),
});
export type Scenario = z.infer<typeof scenarioSchema>;
export type { ScenarioValues };
