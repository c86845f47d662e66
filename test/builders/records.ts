/** Builders of records, couplings and mappings: a test states only the values it is about. */

import {
  businessCentralId,
  type DataverseId,
  dataverseId,
  mappingName,
  syncJobId,
} from '../../shared/domain/common/ids.ts';
import { instant } from '../../shared/domain/common/instants.ts';
import type { BusinessCentralRecord, DataverseRow, FieldValues } from '../../shared/domain/common/records.ts';
import type { Coupling } from '../../shared/domain/couplings/coupling.ts';
import { column, pair, property } from '../../shared/domain/mappings/fieldBuilders.ts';
import type { FieldMapping, TableMapping } from '../../shared/domain/mappings/model.ts';
import { noStamp } from '../../shared/domain/sync/companyStamp.ts';
import type { DigestText } from '../../shared/domain/sync/digests.ts';
import { emptyContext, plainRule } from '../../shared/domain/sync/entityRule.ts';
import {
  type LookupAnswer,
  Lookups,
  type Reference,
  referenceKey,
} from '../../shared/domain/sync/lookups.ts';
import type { PlanInput } from '../../shared/domain/sync/plan.ts';
import { settledCoupling } from '../../shared/domain/sync/settle.ts';

/** A GUID that tells its number: `guidOf('b', 7)` ends in `b0007`. */
export function guidOf(prefix: string, number: number): string {
  return `00000000-0000-4000-8000-0000000${prefix}${String(number).padStart(4, '0')}`.toLowerCase();
}

/** Readable and injective enough for tests. */
export const plainDigest: DigestText = (text) => `#${text}`;

export const someTime = instant('2026-01-31T10:00:00Z');
export const someSyncJob = syncJobId(guidOf('e', 1));

export function record(values: FieldValues, number = 1): BusinessCentralRecord {
  const id = businessCentralId(guidOf('b', number));
  return { id, etags: { things: 'W/"1"' }, modifiedAt: someTime, values };
}

export function row(values: FieldValues, number = 1): DataverseRow {
  const id: DataverseId = dataverseId(guidOf('d', number));
  return { id, etag: 'W/"1"', modifiedAt: someTime, modifiedBy: null, values, lookupTables: {} };
}

/** A bidirectional mapping of things: name and city both ways, limit to Dataverse only. */
export function thingMapping(changes: Partial<TableMapping> = {}): TableMapping {
  return {
    name: mappingName('THING'),
    kind: 'table',
    description: 'THING',
    enabled: true,
    order: 1,
    dependsOn: [],
    businessCentral: {
      table: 'Thing',
      entitySet: 'things',
      route: 'v2.0',
      companions: [],
      filter: null,
      keyProperty: 'number',
      nameProperty: 'displayName',
      reading: 'changes',
      extraFields: [],
    },
    dataverse: {
      table: 'thing',
      entitySet: 'things',
      idAttribute: 'thingid',
      nameAttribute: 'name',
      filter: null,
      extraAttributes: [],
    },
    direction: 'both',
    syncOnlyCoupled: false,
    updateConflict: 'none',
    conflictDetection: 'field',
    deletionConflict: 'none',
    eventDrivenRescheduling: true,
    fields: [
      pair(property('displayName', 'text', 20), column('name', 'string', { maxLength: 30 })),
      pair(property('city', 'text', 20), column('city', 'string', { maxLength: 30 })),
      pair(property('limit', 'decimal'), column('limit', 'money', { precision: 2 }), {
        direction: 'toDataverse',
      }),
    ],
    templates: [],
    rule: null,
    job: { frequencyMinutes: 30, inactivityTimeoutMinutes: 720, category: null },
    ...changes,
  };
}

export function withField(mapping: TableMapping, field: FieldMapping): TableMapping {
  return { ...mapping, fields: [...mapping.fields, field] };
}

export function lookups(
  answers: readonly (readonly [Reference, LookupAnswer])[] = [],
  localCurrency = '',
): Lookups {
  return new Lookups(
    new Map(answers.map(([reference, answer]) => [referenceKey(reference), answer])),
    localCurrency,
  );
}

/** The coupling two records have after both were found equal or were just synchronised. */
export function coupled(
  mapping: TableMapping,
  ours: BusinessCentralRecord,
  theirs: DataverseRow,
  digest: DigestText = plainDigest,
): Coupling {
  return settledCoupling({
    mapping,
    pass: 'toDataverse',
    coupling: null,
    manner: 'judge',
    businessCentral: ours,
    dataverse: theirs,
    settledFields: mapping.fields.map((field) => field.id),
    unsentFields: [],
    unappliedFields: [],
    waitingFields: [],
    ruleInputs: {},
    digest,
    syncJobId: someSyncJob,
    at: someTime,
  });
}

/** Input of planRecord with everything that a test does not state. */
export function planInput(changes: Partial<PlanInput>): PlanInput {
  return {
    mapping: thingMapping(),
    rule: plainRule,
    pass: 'toDataverse',
    pair: { businessCentral: null, dataverse: null, coupling: null },
    matched: false,
    assumedBase: null,
    lookups: lookups(),
    context: emptyContext,
    digest: plainDigest,
    manner: 'judge',
    firstTime: 'conflict',
    insertOrdinal: 0,
    stamp: noStamp,
    ...changes,
  };
}
