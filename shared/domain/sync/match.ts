/** Finds the uncoupled counterpart of an uncoupled record by the mapping's match fields (E-27, E-116 to E-119). */
import type { Side } from '../common/directions.ts';
import type { FieldValues } from '../common/records.ts';
import { businessCentralKey, type FieldMapping, type TableMapping } from '../mappings/model.ts';
import { canonicalText } from './values.ts';

/** A record of the target side that could be the counterpart. */
export interface MatchCandidate {
  readonly id: string;
  readonly values: FieldValues;
}

export type MatchAnswer<Candidate> =
  | { readonly status: 'found'; readonly candidate: Candidate }
  | { readonly status: 'ambiguous'; readonly count: number }
  | { readonly status: 'none' };

/** The match fields of a mapping by priority, lowest first; a group stands alone (E-119 as DESIGN decides). */
export function matchGroups(mapping: TableMapping): readonly (readonly FieldMapping[])[] {
  const fields = mapping.fields.filter((field) => field.match !== null && field.constant === null);
  const priorities = [...new Set(fields.map((field) => field.match?.priority ?? 0))].toSorted(
    (a, b) => a - b,
  );
  return priorities.map((priority) => fields.filter((field) => field.match?.priority === priority));
}

/** The text two records must share to match in one group; '' when all its fields are blank (E-118). */
export function matchKey(
  mapping: TableMapping,
  group: readonly FieldMapping[],
  side: Side,
  values: FieldValues,
): string {
  const parts = group.map((field) => {
    const key = side === 'businessCentral' ? ours(mapping, field) : (field.dataverse?.attribute ?? '');
    const text = canonicalText(values[key]).trim();
    return field.match?.caseSensitive ? text : text.toLowerCase();
  });
  return parts.every((part) => part === '') ? '' : parts.join('\u0000');
}

function ours(mapping: TableMapping, field: FieldMapping): string {
  return field.businessCentral ? businessCentralKey(mapping, field.businessCentral) : '';
}

/** Candidates of the target side by match key, one map per group; built once for many look-ups. */
export interface MatchIndex<Candidate> {
  readonly groups: readonly (readonly FieldMapping[])[];
  readonly byKey: readonly ReadonlyMap<string, readonly Candidate[]>[];
}

/** Builds the index of the records a pass could couple with. */
export function matchIndex<Candidate extends MatchCandidate>(
  mapping: TableMapping,
  target: Side,
  candidates: readonly Candidate[],
): MatchIndex<Candidate> {
  const groups = matchGroups(mapping);
  const byKey = groups.map((group) => {
    const map = new Map<string, Candidate[]>();
    for (const candidate of candidates) {
      const key = matchKey(mapping, group, target, candidate.values);
      if (key === '') continue;
      const same = map.get(key);
      if (same) same.push(candidate);
      else map.set(key, [candidate]);
    }
    return map;
  });
  return { groups, byKey };
}

/** The groups and keys under which one record can be found; for finding others like it on its own side. */
export function matchKeysOf(mapping: TableMapping, side: Side, values: FieldValues): readonly string[] {
  return matchGroups(mapping)
    .map((group, position) => [position, matchKey(mapping, group, side, values)] as const)
    .filter(([, key]) => key !== '')
    .map(([position, key]) => `${position}\u0000${key}`);
}

/**
 * Looks for the one candidate that matches: groups in ascending order; one hit is the counterpart, several are
 * ambiguous, none or a hit that `isTaken` goes on to the next group.
 */
export function findMatch<Candidate extends MatchCandidate>(
  mapping: TableMapping,
  source: { readonly side: Side; readonly values: FieldValues },
  index: MatchIndex<Candidate>,
  isTaken: (id: string) => boolean,
): MatchAnswer<Candidate> {
  for (const [position, group] of index.groups.entries()) {
    const wanted = matchKey(mapping, group, source.side, source.values);
    if (wanted === '') continue;
    const free = (index.byKey[position]?.get(wanted) ?? []).filter((candidate) => !isTaken(candidate.id));
    if (free.length > 1) return { status: 'ambiguous', count: free.length };
    const [only] = free;
    if (only) return { status: 'found', candidate: only };
  }
  return { status: 'none' };
}
