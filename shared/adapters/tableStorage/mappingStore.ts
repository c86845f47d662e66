/** Run state of mappings over one table: partition = mapping, row `state`; and the key of digests. */
import { z } from 'zod';
import { passDirections } from '../../domain/common/directions.ts';
import { isGuid, type MappingName, runId } from '../../domain/common/ids.ts';
import type { MappingState, MappingStore, StoredMappingState } from '../../ports/mappingStore.ts';
import { column, joinedText, json, jsonOrNull, orNull, present, readRow, textParts } from './columns.ts';
import type { EntityTable, Properties } from './entityTable.ts';
import { encodeKey } from './keys.ts';
import { contention, replaceVersion, writeWherePossible } from './lookups.ts';
import { mappingDefinitionStore } from './mappingDefinitionStore.ts';

const stateRow = 'state';
const keyPartition = 'engine';
const keyRow = 'digestKey';
const keyBytes = 32;

const watermarkSchema = z.object({
  newest: column.instant.nullable(),
  settledUntil: column.instant.nullable(),
  readAt: column.instant.nullable(),
});

const positionSchema = z.discriminatedUnion('side', [
  z.object({
    side: z.literal('businessCentral'),
    modifiedFrom: column.instant.nullable(),
    startedAt: column.instant,
    newest: column.instant.nullable(),
    page: z.string(),
  }),
  z.object({ side: z.literal('dataverse'), page: z.string() }),
]);

const cursorSchema = z.object({
  runId: z.string().refine(isGuid, 'must be a GUID').transform(runId),
  pass: z.enum(passDirections),
  position: positionSchema,
  syncJobIds: z.array(column.syncJobId),
  businessCentral: watermarkSchema,
  dataverse: z.string().nullable(),
  tokenExpired: z.boolean(),
  definition: z.string(),
  coupled: z.number().int(),
  lost: column.count,
  handled: z.array(z.string()),
});

const stateSchema = z.object({
  mapping: column.mapping,
  businessCentralWatermark: orNull(column.instant),
  businessCentralSettledUntil: orNull(column.instant),
  businessCentralReadAt: orNull(column.instant),
  dataversePosition: orNull(z.string()),
  dataversePositionAt: orNull(column.instant),
  coupledCount: column.count,
  cursor: orNull(json(cursorSchema)),
  definition: orNull(z.string()),
  mayHaveLeftovers: z.boolean(),
  mayHaveRetries: z.boolean(),
  lease: orNull(json(z.object({ owner: z.string(), expiresAt: column.instant, fencing: column.count }))),
});

const keySchema = z.object({ key: z.string().regex(/^[0-9a-f]{64}$/) });

/**
 * Mapping state in `table`; a version is the row's ETag. `random` gives that many random bytes as hexadecimal
 * text; it is asked once, when no digest key exists yet.
 */
export function mappingStore(table: EntityTable, random: (size: number) => string): MappingStore {
  let key: Promise<string> | null = null;
  return {
    get: (mapping) => getState(table, mapping),
    replace: (state, version) =>
      replaceVersion(table, encodeKey(state.mapping), stateRow, stateProperties(state), version),
    removeState: (mapping) =>
      writeWherePossible(table, encodeKey(mapping), [{ kind: 'delete', row: stateRow }]),
    ...mappingDefinitionStore(table),
    digestKey() {
      key ??= sharedKey(table, random).catch((error: unknown) => {
        key = null;
        throw error;
      });
      return key;
    },
  };
}

async function getState(table: EntityTable, mapping: MappingName): Promise<StoredMappingState> {
  const row = await table.get(encodeKey(mapping), stateRow);
  if (row === null) return { state: emptyState(mapping), version: null };
  const dataversePosition = joinedText('dataversePosition', row.properties) ?? undefined;
  const cursor = joinedText('cursor', row.properties) ?? undefined;
  const state = readRow(table.name, row, stateSchema, { ...row.properties, dataversePosition, cursor });
  return { state, version: row.version };
}

function emptyState(mapping: MappingName): MappingState {
  return {
    mapping,
    businessCentralWatermark: null,
    businessCentralSettledUntil: null,
    businessCentralReadAt: null,
    dataversePosition: null,
    dataversePositionAt: null,
    coupledCount: 0,
    cursor: null,
    definition: null,
    mayHaveLeftovers: false,
    mayHaveRetries: false,
    lease: null,
  };
}

function stateProperties({ dataversePosition, lease, cursor, ...scalars }: MappingState): Properties {
  return {
    ...present({ ...scalars, lease: jsonOrNull(lease) }),
    ...textParts('dataversePosition', dataversePosition),
    ...textParts('cursor', cursor === null ? null : JSON.stringify(cursor)),
  };
}

/** Several instances may start at once: the first insert wins and all read the same key. */
async function sharedKey(table: EntityTable, random: (size: number) => string): Promise<string> {
  const stored = await readKey(table);
  if (stored !== null) return stored;
  const key = random(keyBytes);
  const made = await table.write(keyPartition, [{ kind: 'insert', row: keyRow, properties: { key } }]);
  const winner = made.status === 'done' ? key : await readKey(table);
  if (winner === null) throw contention(table.name);
  return winner;
}

async function readKey(table: EntityTable): Promise<string | null> {
  const row = await table.get(keyPartition, keyRow);
  return row === null ? null : readRow(table.name, row, keySchema).key;
}
