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

/** The texts of a group's fields, compared as the fields say; '' where the record has no value (E-118). */
function partsOf(
  mapping: TableMapping,
  group: readonly FieldMapping[],
  side: Side,
  values: FieldValues,
): readonly string[] {
  return group.map((field) => {
    const key = side === 'businessCentral' ? ours(mapping, field) : (field.dataverse?.attribute ?? '');
    const text = canonicalText(values[key]).trim();
    return field.match?.caseSensitive ? text : text.toLowerCase();
  });
}

function ours(mapping: TableMapping, field: FieldMapping): string {
  return field.businessCentral ? businessCentralKey(mapping, field.businessCentral) : '';
}

/** The text two records must share to match in one group; '' when all its fields are blank (E-118). */
export function matchKey(
  mapping: TableMapping,
  group: readonly FieldMapping[],
  side: Side,
  values: FieldValues,
): string {
  const parts = partsOf(mapping, group, side, values);
  return parts.every((part) => part === '') ? '' : parts.join('\u0000');
}

/**
 * The field of a group by whose value candidates are asked for: the first that has one. Null when all are blank, so that
 * the group has no condition and matches nothing (E-118).
 */
export function askedField(
  mapping: TableMapping,
  group: readonly FieldMapping[],
  side: Side,
  values: FieldValues,
): FieldMapping | null {
  const position = partsOf(mapping, group, side, values).findIndex((part) => part !== '');
  return group[position] ?? null;
}

/** Which fields of a group count: a blank value in Business Central adds no condition (E-118). */
type Conditions = readonly boolean[];

/** The candidates of one group, found under the values of those fields that count. */
class GroupIndex<Candidate extends MatchCandidate> {
  readonly #entries: readonly { readonly candidate: Candidate; readonly parts: readonly string[] }[];
  readonly #target: Side;
  readonly #maps = new Map<string, Map<string, Candidate[]>>();

  constructor(
    target: Side,
    entries: readonly { readonly candidate: Candidate; readonly parts: readonly string[] }[],
  ) {
    this.#target = target;
    this.#entries = entries;
  }

  /** Candidates whose values equal `parts` wherever Business Central has one. */
  find(parts: readonly string[]): readonly Candidate[] {
    if (this.#target === 'dataverse')
      return this.#under(
        parts.map((part) => part !== ''),
        parts,
      );
    const conditions = new Map(
      this.#entries.map((entry) => entry.parts.map((part) => part !== '')).map((each) => [each.join(), each]),
    );
    return [...conditions.values()].flatMap((each) => this.#under(each, parts));
  }

  #under(conditions: Conditions, parts: readonly string[]): readonly Candidate[] {
    const key = keyUnder(conditions, parts);
    return key === null ? [] : (this.#map(conditions).get(key) ?? []);
  }

  #map(conditions: Conditions): ReadonlyMap<string, Candidate[]> {
    const known = this.#maps.get(conditions.join());
    if (known) return known;
    const map = new Map<string, Candidate[]>();
    for (const { candidate, parts } of this.#entries) {
      const isOwn =
        this.#target === 'dataverse' || parts.every((part, at) => (part !== '') === conditions[at]);
      const key = isOwn ? keyUnder(conditions, parts) : null;
      if (key === null) continue;
      const same = map.get(key);
      if (same) same.push(candidate);
      else map.set(key, [candidate]);
    }
    this.#maps.set(conditions.join(), map);
    return map;
  }
}

/** Null when no field counts, or one that counts is blank: then nothing is equal to it. */
function keyUnder(conditions: Conditions, parts: readonly string[]): string | null {
  const counted = parts.filter((_, at) => conditions[at]);
  return counted.length === 0 || counted.includes('') ? null : counted.join('\u0000');
}

/** Candidates of the target side by match values, one index per group; built once for many look-ups. */
export interface MatchIndex<Candidate extends MatchCandidate> {
  readonly groups: readonly (readonly FieldMapping[])[];
  readonly byGroup: readonly GroupIndex<Candidate>[];
}

/** Builds the index of the records a pass could couple with. */
export function matchIndex<Candidate extends MatchCandidate>(
  mapping: TableMapping,
  target: Side,
  candidates: readonly Candidate[],
): MatchIndex<Candidate> {
  const groups = matchGroups(mapping);
  const byGroup = groups.map((group) => {
    const entries = candidates.map((candidate) => {
      return { candidate, parts: partsOf(mapping, group, target, candidate.values) };
    });
    return new GroupIndex(target, entries);
  });
  return { groups, byGroup };
}

/** The groups and keys under which one record can be found; for finding others like it on its own side. */
export function matchKeysOf(mapping: TableMapping, side: Side, values: FieldValues): readonly string[] {
  return matchGroups(mapping)
    .map((group, position) => [position, matchKey(mapping, group, side, values)] as const)
    .filter(([, key]) => key !== '')
    .map(([position, key]) => `${position}\u0000${key}`);
}

/**
 * Looks for the one candidate that matches: groups in ascending order; exactly one free hit is the counterpart, none or
 * several go on to the next group (E-119). Ambiguous when no group finds one and some group found several.
 */
export function findMatch<Candidate extends MatchCandidate>(
  mapping: TableMapping,
  source: { readonly side: Side; readonly values: FieldValues },
  index: MatchIndex<Candidate>,
  isTaken: (id: string) => boolean,
): MatchAnswer<Candidate> {
  let most = 0;
  for (const [position, group] of index.groups.entries()) {
    const wanted = partsOf(mapping, group, source.side, source.values);
    const found = index.byGroup[position]?.find(wanted) ?? [];
    const free = found.filter((candidate) => !isTaken(candidate.id));
    const [only, second] = free;
    if (only && !second) return { status: 'found', candidate: only };
    most = Math.max(most, free.length);
  }
  return most === 0 ? { status: 'none' } : { status: 'ambiguous', count: most };
}
