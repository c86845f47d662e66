/** A table mapping with its fields and watermarks, in the shape of the contract. */
import type { FittedMapping, Shortcoming } from '../../shared/domain/mappings/fitMapping.ts';
import type { MappingEntry } from '../../shared/domain/mappings/mappingSet.ts';
import {
  businessCentralKey,
  type FieldMapping,
  type TableMapping,
} from '../../shared/domain/mappings/model.ts';
import type { MappingState } from '../../shared/ports/mappingStore.ts';

/** The mapping as it can run in these environments and why not otherwise, and how far it has been read. */
export function mappingView(
  { origin, overrides }: MappingEntry,
  { mapping, shortcomings }: FittedMapping,
  state: MappingState,
) {
  const { businessCentral, dataverse } = mapping;
  return {
    name: mapping.name,
    description: mapping.description,
    origin,
    changed: Object.keys(overrides).length > 0,
    kind: mapping.kind,
    enabled: mapping.enabled,
    order: mapping.order,
    dependsOn: mapping.dependsOn,
    businessCentral: {
      table: businessCentral.table,
      entitySet: businessCentral.entitySet,
      filter: businessCentral.filter,
    },
    dataverse: { table: dataverse.table, entitySet: dataverse.entitySet, filter: dataverse.filter },
    direction: mapping.direction,
    syncOnlyCoupled: mapping.syncOnlyCoupled,
    updateConflict: mapping.updateConflict,
    conflictDetection: mapping.conflictDetection,
    deletionConflict: mapping.deletionConflict,
    eventDrivenRescheduling: mapping.eventDrivenRescheduling,
    fields: mapping.fields.map((field) => fieldView(mapping, field)),
    templates: mapping.templates,
    rule: mapping.rule,
    job: mapping.job,
    warnings: warningsOf(mapping),
    watermarks: {
      businessCentral: state.businessCentralWatermark,
      dataverse: dataverseWatermark(state),
    },
    ...(shortcomings.length === 0 ? {} : { shortcomings: shortcomings.map(shortcomingView) }),
  };
}

/** What a mapping has to do without. */
export function shortcomingView({ code, fields, message, suggestion }: Shortcoming) {
  return { code, fields, message, suggestion };
}

/** Settings that are allowed together and may surprise (E-41, A-24). */
function warningsOf({ deletionConflict, syncOnlyCoupled }: TableMapping) {
  if (deletionConflict !== 'removeCoupling' || syncOnlyCoupled) return [];
  const message =
    'A coupling that is removed because a record was deleted is made again by the next run, with a new record.';
  return [{ code: 'removed-record-returns', message, target: 'deletionConflict' }];
}

function fieldView(mapping: TableMapping, field: FieldMapping) {
  return {
    id: field.id,
    businessCentralField:
      field.businessCentral === null ? null : businessCentralKey(mapping, field.businessCentral),
    attribute: field.dataverse?.attribute ?? null,
    direction: field.direction,
    constant: field.constant,
    enabled: field.enabled,
    lookup: field.lookup ?? null,
    clearOnFailedSync: field.clearOnFailedSync,
    notNull: field.notNull,
    transformation: field.transformation,
    match: field.match,
  };
}

/** The position itself is the reader's own; shown is when it was taken. */
function dataverseWatermark(state: MappingState): string | null {
  if (state.dataversePosition === null) return null;
  return state.dataversePositionAt ?? 'token-present';
}
