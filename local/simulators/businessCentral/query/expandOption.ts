/** Reads `$expand`: one level, with inner `$select` and `$filter`. Deeper levels are refused, which the service does not do. */
import type { FilterExpression } from '../../../../shared/domain/odata/filterExpression.ts';
import { type Navigation, navigations } from '../schema/relations.ts';
import { type EntitySet, requireSet } from '../schema/schema.ts';
import { badRequest, notImplemented } from '../serviceError.ts';
import { readFilter } from './filterRules.ts';

/** One navigation property to show with each record. */
export interface ExpandItem {
  readonly name: string;
  readonly navigation: Navigation;
  readonly target: EntitySet;
  readonly single: boolean;
  readonly select: readonly string[] | null;
  readonly filter: FilterExpression | null;
}

/** The navigation of a set by name; null when it is not served. */
export function findNavigation(
  set: EntitySet,
  name: string,
): { readonly navigation: Navigation; readonly single: boolean } | null {
  const navigation = navigations[set.entitySet]?.[name];
  if (!navigation) return null;
  const model = set.navigation.find((each) => each.name === name);
  return { navigation, single: model?.multiplicity === '0..1' };
}

/** Reads the option. Raises 400 for unknown navigation properties and inner options not served. */
export function readExpand(text: string, set: EntitySet): readonly ExpandItem[] {
  return splitOutside(text, ',').map((item) => readItem(item.trim(), set));
}

function readItem(item: string, set: EntitySet): ExpandItem {
  const match = /^(\w+)(?:\((.*)\))?$/s.exec(item);
  const name = match?.[1] ?? item;
  const found = findNavigation(set, name);
  if (!found) {
    throw badRequest(
      `Could not find a navigation property '${name}' on type 'Microsoft.NAV.${set.entityType}'.`,
    );
  }
  const target = requireSet(found.navigation.set);
  const options = innerOptions(match?.[2] ?? '');
  const filter = options.get('$filter');
  return {
    name,
    ...found,
    target,
    select: innerSelect(options.get('$select'), target),
    filter: filter === undefined ? null : readFilter(filter, target),
  };
}

function innerOptions(text: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const part of splitOutside(text, ';')) {
    if (part.trim() === '') continue;
    const equals = part.indexOf('=');
    const name = part.slice(0, equals).trim();
    if (!['$select', '$filter'].includes(name)) {
      throw notImplemented(`The option '${name || part}' inside $expand is not served by the simulator.`);
    }
    options.set(name, part.slice(equals + 1).trim());
  }
  return options;
}

function innerSelect(text: string | undefined, target: EntitySet): readonly string[] | null {
  if (text === undefined || text === '*') return null;
  return text.split(',').map((name) => {
    if (target.property.has(name.trim())) return name.trim();
    throw badRequest(
      `Could not find a property named '${name}' on type 'Microsoft.NAV.${target.entityType}'.`,
    );
  });
}

/** Splits at a separator that stands outside parentheses and quotes. */
function splitOutside(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let [depth, quoted, start] = [0, false, 0];
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === "'") quoted = !quoted;
    if (quoted) continue;
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === separator && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}
