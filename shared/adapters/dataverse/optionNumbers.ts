/** Which numbers option columns take, to check what mappings rely on (dataverse-web-api section 18, D-13, D-14). */
import { z } from 'zod';
import type { OptionColumn } from '../../domain/mappings/model.ts';
import type { OptionNumber } from '../../domain/mappings/optionUses.ts';
import { parseJson, readShape } from '../http/json.ts';
import { readMode, requireSuccess, sendBatch } from './batch.ts';
import { answerOf, type DataverseContext } from './context.ts';
import { textLiteral } from './literals.ts';
import type { BatchPart } from './multipartBuilder.ts';
import type { BatchAnswer } from './multipartParser.ts';
import { readHeaders } from './requestHeaders.ts';

const setShape = z.object({
  Options: z.array(z.object({ Value: z.int(), State: z.int().nullish() })).nullish(),
});
const columnShape = z.object({ OptionSet: setShape.nullish(), GlobalOptionSet: setShape.nullish() });

/** Columns of a request, as many parts as a batch may have (section 12). */
const mostColumns = 1_000;

/** The numbers of each column; null where the service does not tell any. Raises SyncFailure. */
export async function optionNumbers(
  context: DataverseContext,
  columns: readonly OptionColumn[],
): Promise<readonly (readonly OptionNumber[] | null)[]> {
  const missing = [...new Map(columns.map((column) => [keyOf(column), column])).values()].filter(
    (column) => context.optionNumbers.peek(keyOf(column)) === undefined,
  );
  const fetched = fetchAll(context, missing);
  const places = new Map(missing.map((column, place) => [keyOf(column), place]));
  return Promise.all(
    columns.map((column) => {
      const key = keyOf(column);
      return context.optionNumbers.get(key, async () => (await fetched)[places.get(key) ?? -1] ?? null);
    }),
  );
}

function keyOf({ table, attribute }: OptionColumn): string {
  return `${table}.${attribute}`;
}

async function fetchAll(
  context: DataverseContext,
  columns: readonly OptionColumn[],
): Promise<readonly (readonly OptionNumber[] | null)[]> {
  const found: (readonly OptionNumber[] | null)[] = [];
  for (let first = 0; first < columns.length; first += mostColumns) {
    const parts = columns.slice(first, first + mostColumns).map((column) => partOf(context, column));
    found.push(...(await sendBatch(context, parts, readMode)).map(numbersIn));
  }
  return found;
}

/** State and status have types of their own in every table. */
const typesByName: Readonly<Record<string, string>> = { statecode: 'State', statuscode: 'Status' };

function partOf(context: DataverseContext, { table, attribute }: OptionColumn): BatchPart {
  const [entity, column] = [table, attribute].map((name) => encodeURIComponent(textLiteral(name)));
  const special = typesByName[attribute];
  const type = `Microsoft.Dynamics.CRM.${special ?? 'Picklist'}AttributeMetadata`;
  const own = 'OptionSet($select=Options)';
  const expand = special ? own : `${own},GlobalOptionSet($select=Options)`;
  const path = `EntityDefinitions(LogicalName=${entity})/Attributes(LogicalName=${column})/${type}`;
  return {
    method: 'GET',
    url: `${context.apiUrl}${path}?$select=LogicalName&$expand=${expand}`,
    headers: readHeaders(),
  };
}

/** A column that is not there, or that this version of the service cannot describe, says nothing about its numbers. */
const untoldStatuses: readonly number[] = [400, 404, 501];

function numbersIn(answer: BatchAnswer): readonly OptionNumber[] | null {
  if (untoldStatuses.includes(answer.status)) return null;
  const context = answerOf('GET EntityDefinitions');
  requireSuccess(answer, context.request);
  const { OptionSet: own, GlobalOptionSet: shared } = readShape(
    columnShape,
    parseJson(answer.text, context),
    context,
  );
  const options = (shared ?? own)?.Options ?? [];
  return options.length === 0
    ? null
    : options.map(({ Value: value, State }) => ({ value, state: State ?? null }));
}
