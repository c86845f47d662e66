/** Reads what a table is like: entity set, key, columns, lookups (dataverse-web-api section 18). */
import { z } from 'zod';
import { SyncFailure } from '../../domain/common/failures.ts';
import type { DataverseAttribute, DataverseTableMetadata } from '../../ports/dataverse.ts';
import { parseJson, readShape } from '../http/json.ts';
import { readMode, requireSuccess, sendBatch } from './batch.ts';
import { answerOf, type DataverseContext } from './context.ts';
import { isLookupType, textLiteral } from './literals.ts';
import type { BatchPart } from './multipartBuilder.ts';
import type { BatchAnswer } from './multipartParser.ts';
import { readHeaders } from './requestHeaders.ts';

const entityShape = z.object({
  LogicalName: z.string(),
  EntitySetName: z.string().min(1),
  PrimaryIdAttribute: z.string().min(1),
  PrimaryNameAttribute: z.string().nullish(),
  ChangeTrackingEnabled: z.boolean().nullish(),
});
const attributesShape = z.object({
  value: z.array(
    z.object({
      LogicalName: z.string(),
      AttributeType: z.string().nullish(),
      IsValidForCreate: z.boolean().nullish(),
      IsValidForUpdate: z.boolean().nullish(),
    }),
  ),
});
const lengthsShape = z.object({
  value: z.array(z.object({ LogicalName: z.string(), MaxLength: z.number().nullish() })),
});
const relationshipsShape = z.object({
  value: z.array(
    z.object({
      ReferencingAttribute: z.string(),
      ReferencedEntity: z.string(),
      ReferencingEntityNavigationPropertyName: z.string().nullish(),
    }),
  ),
});

type Attributes = z.infer<typeof attributesShape>['value'];
type Relationships = z.infer<typeof relationshipsShape>['value'];

/** Below the table's definition, in the order of the batch. */
const details = [
  '/Attributes?$select=LogicalName,AttributeType,IsValidForCreate,IsValidForUpdate',
  '/Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=LogicalName,MaxLength',
  '/Attributes/Microsoft.Dynamics.CRM.MemoAttributeMetadata?$select=LogicalName,MaxLength',
  '/ManyToOneRelationships?$select=ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName',
] as const;
/** Tables of a request; five parts each stay below the 1,000 a batch may have (section 12). */
const mostTables = 100;
const definition =
  '?$select=LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,ChangeTrackingEnabled';

/** Metadata of a table, kept for a day. Raises SyncFailure `table-not-found` (config). */
export function table(context: DataverseContext, logicalName: string): Promise<DataverseTableMetadata> {
  return context.tables.get(logicalName, () => fetchTable(context, logicalName));
}

/** Metadata of all these tables in one request. Tables there are not are passed over. Raises SyncFailure. */
export async function prepareTables(
  context: DataverseContext,
  logicalNames: readonly string[],
): Promise<void> {
  const missing = [...new Set(logicalNames)].filter((name) => context.tables.peek(name) === undefined);
  for (let first = 0; first < missing.length; first += mostTables) {
    const names = missing.slice(first, first + mostTables);
    const fetched = fetchTables(context, names);
    const takes = names.map((name, place) =>
      context.tables.get(name, async () => (await fetched)[place] ?? raise(tableNotFound(name))),
    );
    for (const { reason } of (await Promise.allSettled(takes)).filter(isRejected)) {
      if (!(reason instanceof SyncFailure) || reason.code !== 'table-not-found') throw reason;
    }
  }
}

function raise(failure: SyncFailure): never {
  throw failure;
}

function isRejected(result: PromiseSettledResult<unknown>): result is PromiseRejectedResult {
  return result.status === 'rejected';
}

async function fetchTable(context: DataverseContext, logicalName: string): Promise<DataverseTableMetadata> {
  const [found] = await fetchTables(context, [logicalName]);
  return found ?? raise(tableNotFound(logicalName));
}

/** All five parts of every table in one request; null for a table there is not. */
async function fetchTables(
  context: DataverseContext,
  logicalNames: readonly string[],
): Promise<readonly (DataverseTableMetadata | null)[]> {
  const parts = logicalNames.flatMap((logicalName) => partsOf(context, logicalName));
  const answers = await sendBatch(context, parts, readMode);
  const size = 1 + details.length;
  return logicalNames.map((_name, place) => tableOf(answers.slice(place * size, (place + 1) * size)));
}

function partsOf(context: DataverseContext, logicalName: string): readonly BatchPart[] {
  const address = `${context.apiUrl}EntityDefinitions(LogicalName=${encodeURIComponent(textLiteral(logicalName))})`;
  return [definition, ...details].map((query) => ({
    method: 'GET' as const,
    url: address + query,
    headers: readHeaders(),
  }));
}

function tableOf([entity, ...rest]: readonly BatchAnswer[]): DataverseTableMetadata | null {
  if (entity?.status === 404) return null;
  const [attributes, texts, memos, relationships] = rest;
  return assemble(
    read(entityShape, entity),
    read(attributesShape, attributes).value,
    [...read(lengthsShape, texts).value, ...read(lengthsShape, memos).value],
    read(relationshipsShape, relationships).value,
  );
}

function read<Shape extends z.ZodType>(shape: Shape, answer: BatchAnswer | undefined): z.output<Shape> {
  const context = answerOf('GET EntityDefinitions');
  if (answer) requireSuccess(answer, context.request);
  return readShape(shape, parseJson(answer?.text ?? '', context), context);
}

function assemble(
  entity: z.infer<typeof entityShape>,
  attributes: Attributes,
  lengths: z.infer<typeof lengthsShape>['value'],
  relationships: Relationships,
): DataverseTableMetadata {
  const maxLengths = new Map(lengths.map((entry) => [entry.LogicalName, entry.MaxLength ?? null]));
  const navigations = navigationsByColumn(relationships);
  return {
    logicalName: entity.LogicalName,
    entitySet: entity.EntitySetName,
    idAttribute: entity.PrimaryIdAttribute,
    nameAttribute: entity.PrimaryNameAttribute ?? '',
    changeTrackingEnabled: entity.ChangeTrackingEnabled ?? false,
    attributes: Object.fromEntries(
      readableColumns(attributes).map((entry) => [
        entry.LogicalName,
        toAttribute(entry, maxLengths, navigations.get(entry.LogicalName) ?? {}),
      ]),
    ),
  };
}

const unreadableTypes: readonly string[] = ['EntityName', 'PartyList', 'CalendarRules', 'ManagedProperty'];

/**
 * Columns the Web API serves. Metadata also lists `<lookup>name` and `<lookup>yominame`, which are refused
 * with 0x80060888 when selected (section 5).
 */
function readableColumns(attributes: Attributes): Attributes {
  const lookups = attributes.filter((entry) => isLookupType(entry.AttributeType ?? ''));
  const labels = new Set(
    lookups.flatMap(({ LogicalName }) => [`${LogicalName}name`, `${LogicalName}yominame`]),
  );
  return attributes.filter(
    (entry) => !labels.has(entry.LogicalName) && !unreadableTypes.includes(entry.AttributeType ?? ''),
  );
}

function toAttribute(
  entry: Attributes[number],
  maxLengths: ReadonlyMap<string, number | null>,
  navigation: Readonly<Record<string, string>>,
): DataverseAttribute {
  const type = entry.AttributeType ?? 'Virtual';
  return {
    logicalName: entry.LogicalName,
    type,
    maxLength: maxLengths.get(entry.LogicalName) ?? null,
    validForCreate: entry.IsValidForCreate ?? true,
    validForUpdate: entry.IsValidForUpdate ?? true,
    navigation: type === 'Owner' ? ownerNavigation(entry.LogicalName, navigation) : navigation,
  };
}

/** Metadata may name the abstract table `owner`; rows are bound to users and teams (section 8). */
function ownerNavigation(
  column: string,
  found: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const fallback = found['owner'] ?? column;
  return { systemuser: found['systemuser'] ?? fallback, team: found['team'] ?? fallback };
}

function navigationsByColumn(
  relationships: Relationships,
): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const navigations = new Map<string, Record<string, string>>();
  for (const relationship of relationships) {
    const property = relationship.ReferencingEntityNavigationPropertyName;
    if (!property) continue;
    const column = navigations.get(relationship.ReferencingAttribute) ?? {};
    column[relationship.ReferencedEntity] = property;
    navigations.set(relationship.ReferencingAttribute, column);
  }
  return navigations;
}

function tableNotFound(logicalName: string): SyncFailure {
  return new SyncFailure({
    kind: 'config',
    code: 'table-not-found',
    message: `Dataverse has no table "${logicalName}".`,
    suggestion: 'Install the solution the table belongs to, or correct the mapping.',
  });
}
