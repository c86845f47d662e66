/** Changes that only a companion page sees: they move no time that the standard page shows (business-central-api 3.3). */
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { fieldsOfPass, type TableMapping } from '../../domain/mappings/model.ts';
import { sourceChanged } from '../../domain/sync/changed.ts';
import { emptyContext } from '../../domain/sync/entityRule.ts';
import type { RecordPair } from '../../domain/sync/planTypes.ts';
import { passesBusinessCentral } from '../../domain/sync/recordFilter.ts';
import { stateOf } from '../../domain/sync/stateSteps.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import type { RunScope } from './runScope.ts';

/**
 * Has the next run look at coupled records whose values of companion pages differ from what both sides agreed on. Where every
 * run reads all coupled records anyway this costs no request to either service. Safe to repeat.
 */
export async function markUnseen(scope: RunScope, pairs: readonly RecordPair[]): Promise<void> {
  const { rule, mapping, request, ports, retries } = scope;
  if (!rule.looksForLost || request.dryRun) return;
  const companions = withCompanionFields(mapping);
  if (companions.fields.length === 0) return;
  const writes = pairs.flatMap((pair): readonly CouplingWrite[] => {
    const { coupling } = pair;
    if (coupling === null || !isUnseen(scope, companions, pair)) return [];
    const waiting: Coupling = { ...coupling, state: 'pending', toDataverse: null };
    return [{ kind: 'replace', coupling: waiting }];
  });
  if (writes.length === 0) return;
  retries.mayStand = true;
  await ports.couplings.save(mapping.name, writes);
}

/** The mapping as far as its values come from companion pages and travel to Sales. */
function withCompanionFields(mapping: TableMapping): TableMapping {
  const main = mapping.businessCentral.entitySet;
  const fields = fieldsOfPass(mapping, 'toDataverse').filter(({ businessCentral }) => {
    return businessCentral !== null && (businessCentral.entitySet ?? main) !== main;
  });
  return { ...mapping, fields };
}

/** Of records that take part, and agreed before; a row that is closed for good takes no change. */
function isUnseen(
  { rule, digest, reopened, filters }: RunScope,
  mapping: TableMapping,
  { businessCentral, dataverse, coupling }: RecordPair,
): boolean {
  if (businessCentral === null || dataverse === null || coupling?.state !== 'synchronized') return false;
  if (coupling.base === null || reopened.has(businessCentral.id)) return false;
  const isSent =
    rule.isCandidate('toDataverse', businessCentral, emptyContext) &&
    passesBusinessCentral(filters.businessCentral, businessCentral);
  if (!isSent) return false;
  const { statecode } = stateOf(dataverse.values);
  if (statecode > (rule.documentStates?.reopenedUpTo ?? statecode)) return false;
  return sourceChanged({
    ...{ mapping, digest, coupling, pass: 'toDataverse', ruleInputs: {} },
    values: businessCentral.values,
  });
}
