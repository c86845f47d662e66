/** After a page of headers: their lines are synchronised under their own mapping (E-105, E-151, D-82). */
import { type PassDirection, type Side, sourceSide } from '../../domain/common/directions.ts';
import { findMapping } from '../../domain/mappings/catalog.ts';
import {
  businessCentralFilter,
  filterProperties,
  passesBusinessCentral,
} from '../../domain/sync/recordFilter.ts';
import { asCode, canonicalText } from '../../domain/sync/values.ts';
import type { AppliedAction, DoneAction } from './applyActions.ts';
import type { SourceRecord } from './candidates.ts';
import { deleteLostLines } from './deleteLostLines.ts';
import { readLines } from './productFacts.ts';
import type { RunScope } from './runScope.ts';

/**
 * Runs the mapping of lines for the lines of every header that was written or found unchanged. Lines with a job of their
 * own meet it again, so a crash before this costs latency only; others are met again with their header, since the
 * watermarks move only after this (P7).
 */
export async function synchroniseLines(
  scope: RunScope,
  pass: PassDirection,
  ends: readonly AppliedAction[],
  unchanged: readonly SourceRecord[],
): Promise<void> {
  const { lines } = scope.rule;
  if (!lines || !scope.allMappings.some(({ name }) => name === lines.mapping)) return;
  const done = ends.flatMap((end) => (end.status === 'done' ? [end] : []));
  if (lines.parent === undefined) return synchroniseByKey(scope, done, unchanged);
  const side = sourceSide(pass);
  const headers = [...new Set([...done.map((end) => end[side].id), ...unchanged.map(({ id }) => id)])];
  const ids = await idsOfLines(scope, side, headers);
  await deleteLostLines(scope, pass, headers, ids);
  await scope.synchroniseOther(lines.mapping, side, ids);
}

async function synchroniseByKey(
  scope: RunScope,
  done: readonly DoneAction[],
  unchanged: readonly SourceRecord[],
): Promise<void> {
  const { lines } = scope.rule;
  if (!lines) return;
  const { keyProperty } = scope.mapping.businessCentral;
  const headers = [...done.map(({ businessCentral }) => businessCentral), ...unchanged];
  const codes = headers.map(({ values }) => asCode(canonicalText(values[keyProperty])));
  const found = await readLines(scope, lines.mapping, [...new Set(codes)]);
  await scope.synchroniseOther(
    lines.mapping,
    'businessCentral',
    found.map(({ id }) => id),
  );
}

/** Lines that belong to these headers on the side of the pass. */
async function idsOfLines(
  scope: RunScope,
  side: Side,
  headers: readonly string[],
): Promise<readonly string[]> {
  const { lines } = scope.rule;
  if (!lines?.parent || headers.length === 0) return [];
  if (side === 'businessCentral') {
    const { entitySet, route, property } = lines;
    const filter = businessCentralFilter(
      findMapping(scope.allMappings, lines.mapping).businessCentral.filter,
    );
    const properties = [property, ...filterProperties(filter)];
    const selection = { entitySet, route, properties, companions: [] };
    const found = await scope.ports.businessCentral.readByValues(selection, property, headers);
    return found.filter((line) => passesBusinessCentral(filter, line)).map(({ id }) => id);
  }
  const { table, attribute } = lines.parent;
  const rows = await scope.ports.dataverse.readByValues(
    { table, attributes: [attribute] },
    attribute,
    headers,
  );
  return rows.map(({ id }) => id);
}
