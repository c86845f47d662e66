/** Compares lines of documents in Business Central with what a scenario expects. */
import type { ScenarioValues } from '../schemaValues.ts';
import { type Difference, differing, shown } from './difference.ts';
import type { Stage } from './stage.ts';
import { agrees, businessCentralValue } from './values.ts';

const lineSets: Readonly<Record<string, string>> = {
  salesOrders: 'salesOrderLines',
  salesQuotes: 'salesQuoteLines',
};

/** Lines in the order of their numbers; values that are not named may be anything. */
export function lineDifferences(
  stage: Stage,
  expected: Readonly<Record<string, readonly ScenarioValues[]>>,
): readonly Difference[] {
  return Object.entries(expected).flatMap(([alias, lines]) => {
    const { entitySet } = stage.aliases.get(alias);
    const set = lineSets[entitySet];
    if (set === undefined) throw new Error(`Records of ${entitySet} have no lines that can be expected.`);
    const id = stage.aliases.idOn(alias, 'businessCentral');
    const seen = stage.world.businessCentral
      .records(set)
      .filter((line) => line['documentId'] === id)
      .toSorted((left, right) => Number(left['sequence']) - Number(right['sequence']));
    return [
      ...differing(`number of lines of ${alias}`, lines.length, seen.length),
      ...lines.flatMap((line, index) =>
        differencesOf(stage, `line ${index + 1} of ${alias}`, line, seen[index]),
      ),
    ];
  });
}

function differencesOf(
  stage: Stage,
  what: string,
  expected: ScenarioValues,
  seen: Readonly<Record<string, unknown>> | undefined,
): readonly Difference[] {
  if (seen === undefined) return [];
  return Object.entries(expected).flatMap(([name, wanted]) => {
    if (!(name in seen)) throw new Error(`Lines have no property "${name}".`);
    const resolve = () => businessCentralValue(stage, wanted);
    if (agrees(wanted, resolve, seen[name])) return [];
    return [{ what: `${what} ${name}`, expected: shown(wanted), seen: shown(seen[name]) }];
  });
}
