/** The company's local currency and its row in Sales (E-73, E-74, E-92). */

import { SyncFailure } from '../../domain/common/failures.ts';
import { businessCentralId, type DataverseId, emptyGuid, mappingName } from '../../domain/common/ids.ts';
import { dataverseIdFor } from '../../domain/couplings/dataverseIdFor.ts';
import { exchangeRate } from '../../domain/mappings/default/currencyRule.ts';
import { emptyContext } from '../../domain/sync/entityRule.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { readCurrencyFacts } from './currencyFacts.ts';

/** The local currency has no currency record of its own, so its row's key is made from the empty id. */
const localCurrencySource = businessCentralId(emptyGuid);

const currencies = { table: 'transactioncurrency', attributes: ['isocurrencycode'] };

/** The key of the Sales currency that this program makes of the local currency. */
export function localCurrencyId(companyId: string): DataverseId {
  return dataverseIdFor(companyId, mappingName('CURRENCY'), localCurrencySource);
}

/**
 * Creates the Sales currency of the local currency: name and symbol are the code (E-92). Safe to call twice. Raises
 * SyncFailure `exchange-rate-missing` or the service's refusal.
 */
export async function createLocalCurrency(
  ports: SyncPorts,
  companyId: string,
  code: string,
): Promise<DataverseId> {
  const facts = await readCurrencyFacts(ports, code);
  const rate = exchangeRate(code, { ...emptyContext, ...facts, localCurrencyCode: code });
  if (rate === null) {
    const message = `The rate of the local currency ${code} in the Sales base currency is missing.`;
    throw new SyncFailure({ kind: 'config', code: 'exchange-rate-missing', message });
  }
  const id = localCurrencyId(companyId);
  const values = {
    isocurrencycode: code,
    currencyname: code,
    currencysymbol: code,
    exchangerate: rate,
    currencyprecision: facts.currencyPrecision,
  };
  const [outcome] = await ports.dataverse.create(currencies, [{ id, values }]);
  if (outcome?.status === 'done' || outcome?.status === 'exists') return id;
  const reason = outcome?.status === 'refused' ? outcome.problem.message : 'the outcome is unknown';
  const message = `The Sales currency for the local currency ${code} could not be created: ${reason}`;
  throw new SyncFailure({ kind: 'transient', code: 'currency-not-found', message });
}
