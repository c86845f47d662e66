/** Exchange rates of today and the base currency of the Sales organisation. */

import { dataverseId } from '../../domain/common/ids.ts';
import { toEpochMs } from '../../domain/common/instants.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import { ratesOn } from '../../domain/sync/exchangeRates.ts';
import { asCode, canonicalText, isBlank } from '../../domain/sync/values.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** Decimals a Sales currency gets when the organisation does not tell (its documented default). */
const usualPrecision = 2;

export type CurrencyFacts = Pick<RuleContext, 'currencyRates' | 'baseCurrencyCode' | 'currencyPrecision'>;

/** Reads them; three requests. */
export async function readCurrencyFacts(ports: SyncPorts, localCode: string): Promise<CurrencyFacts> {
  const [rows, organization] = await Promise.all([readRates(ports), readOrganization(ports)]);
  const today = new Date(toEpochMs(ports.clock.now())).toISOString().slice(0, 10);
  return { ...organization, currencyRates: ratesOn(rows, today, localCode) };
}

function readRates(ports: SyncPorts) {
  return ports.businessCentral.readRows({
    entitySet: 'currencyExchangeRates',
    route: 'v2.0',
    select: [
      'currencyCode',
      'startingDate',
      'exchangeRateAmount',
      'relationalCurrencyCode',
      'relationalExchangeRateAmount',
    ],
  });
}

async function readOrganization(ports: SyncPorts) {
  const attributes = ['basecurrencyid', 'currencydecimalprecision'];
  const [organization] = await ports.dataverse.readRows({ table: 'organization', attributes }, null);
  const base = organization?.values['basecurrencyid'] ?? null;
  const precision = organization?.values['currencydecimalprecision'];
  const currencyPrecision = typeof precision === 'number' ? precision : usualPrecision;
  if (isBlank(base)) return { baseCurrencyCode: null, currencyPrecision };
  const selection = { table: 'transactioncurrency', attributes: ['isocurrencycode'] };
  const [currency] = await ports.dataverse.readByIds(selection, [dataverseId(String(base))]);
  const code = asCode(canonicalText(currency?.values['isocurrencycode']));
  return { baseCurrencyCode: code === '' ? null : code, currencyPrecision };
}
