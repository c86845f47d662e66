/** Reading rows by values of one property: many values, few requests. */
import { SyncFailure } from '../../domain/common/failures.ts';
import { businessCentralRoutes } from '../../domain/mappings/model.ts';
import { chunk } from '../http/chunks.ts';
import { runOperations } from './batch.ts';
import { answerFailure, type BatchOperation, type BatchResult } from './batchFormat.ts';
import type { Client } from './client.ts';
import { readErrorObject } from './errors.ts';
import { allRows, readList } from './lists.ts';
import { equalsAny, queryString } from './odata.ts';
import { isLineSet, readSetRows, type SetRow, type SetSelection, selectedNames } from './rows.ts';

/** Values in one filter; more would make the address of the inner request too long. */
const valuesPerFilter = 50;

/** Lines are shown for one document or one id at a time (D-29). */
function valuesPerFilterOf({ set }: Lookup): number {
  return isLineSet(set.entitySet) ? 1 : valuesPerFilter;
}

/** Rows of a set whose property equals one of these literals. */
export interface Lookup {
  readonly set: SetSelection;
  readonly property: string;
  readonly literals: readonly string[];
}

/** Part of a look-up that fits into one filter. */
interface Piece {
  readonly lookup: Lookup;
  readonly literals: readonly string[];
}

/**
 * The rows of each look-up, in the order of the look-ups: one batch per route for up to 5,000 values. Raises
 * SyncFailure when a set cannot be read; a value its field cannot hold finds nothing.
 */
export async function readLookups(
  client: Client,
  lookups: readonly Lookup[],
): Promise<readonly (readonly SetRow[])[]> {
  const pieces = lookups.flatMap((lookup) =>
    chunk([...new Set(lookup.literals)], valuesPerFilterOf(lookup)).map((literals) => ({ lookup, literals })),
  );
  const found = new Map<Lookup, SetRow[]>(lookups.map((lookup) => [lookup, []]));
  const collect = (lookup: Lookup, rows: readonly SetRow[]): void => {
    for (const row of rows) found.get(lookup)?.push(row);
  };
  await Promise.all(
    businessCentralRoutes.map((route) => {
      const ofRoute = pieces.filter((piece) => piece.lookup.set.route === route);
      return readPieces(client, ofRoute, collect);
    }),
  );
  return lookups.map((lookup) => found.get(lookup) ?? []);
}

type Collect = (lookup: Lookup, rows: readonly SetRow[]) => void;

/** Reads pieces of one route; those with a value that does not fit its field are read again value by value. */
async function readPieces(client: Client, pieces: readonly Piece[], collect: Collect): Promise<void> {
  const [first] = pieces;
  if (first === undefined) return;
  const company = await client.companyPath();
  const operations = pieces.map((piece) => toOperation(company, piece));
  const results = await runOperations(client, first.lookup.set.route, operations, 'read');
  const poisoned: Piece[] = [];
  for (const [index, piece] of pieces.entries()) {
    const result = results[index];
    if (result === undefined || isUnfit(result)) poisoned.push(piece);
    else collect(piece.lookup, await rowsOf(client, piece.lookup.set, result));
  }
  await readPieces(client, poisoned.flatMap(singles), collect);
}

function toOperation(company: string, { lookup, literals }: Piece): BatchOperation {
  const query = queryString({
    select: selectedNames(lookup.set),
    filter: equalsAny(lookup.property, literals),
  });
  return { method: 'GET', path: `${company}/${lookup.set.entitySet}${query}` };
}

/** A Code value longer than its field is refused, and with it the whole filter (section 3.1, text match). */
function isUnfit(result: BatchResult): boolean {
  if (result instanceof SyncFailure || result.status !== 400) return false;
  return readErrorObject(result.body).code === 'Application_FilterErrorException';
}

/** A piece of one value that does not fit cannot match anything and ends here. */
function singles({ lookup, literals }: Piece): readonly Piece[] {
  return literals.length < 2 ? [] : literals.map((literal) => ({ lookup, literals: [literal] }));
}

async function rowsOf(client: Client, set: SetSelection, result: BatchResult): Promise<readonly SetRow[]> {
  if (result instanceof SyncFailure) throw result;
  if (result.status !== 200) throw answerFailure(client, result, `GET ${set.entitySet}`);
  const rows = await allRows(client, readList(client, result.body, set.entitySet), set.entitySet);
  return readSetRows(client, set, rows);
}
