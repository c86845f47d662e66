/** Which jobs a change in Business Central concerns (J-61, J-62, J-68, J-69, J-78). */
import type { TableMapping } from '../mappings/model.ts';

/**
 * Sets beside a mapping's own whose changes concern its job: exchange rates (E-164), units of items and resources, lines
 * of price lists, of posted invoices and of orders (J-69).
 */
const alsoWokenBy: Readonly<Record<string, readonly string[]>> = {
  CURRENCY: ['currencyExchangeRates'],
  'ITEM-PRODUCT': ['itemUnitsOfMeasure'],
  'RESOURCE-PRODUCT': ['resourceUnitsOfMeasure'],
  'PLHEADER-PRICE': ['priceListLines'],
  'POSTEDSALESINV-INV': ['postedSalesInvoices', 'postedSalesInvoiceLines', 'salesInvoices'],
  'SALESORDER-ORDER': ['salesOrders', 'salesOrderLines'],
};

/** Every set whose changes concern a mapping's job, its companions included. */
export function wakeSetsOf({ name, businessCentral }: TableMapping): readonly string[] {
  return [businessCentral.entitySet, ...businessCentral.companions, ...(alsoWokenBy[name] ?? [])];
}

/**
 * The mappings whose jobs a change of a set wakes: those with a job and with event-driven rescheduling (J-63). Neither
 * filter nor direction matters (J-62).
 */
export function mappingsWokenBy(
  mappings: readonly TableMapping[],
  entitySet: string,
): readonly TableMapping[] {
  const wanted = entitySet.toLowerCase();
  return mappings
    .filter(canBeWoken)
    .filter((mapping) => wakeSetsOf(mapping).some((set) => set.toLowerCase() === wanted));
}

/** The mappings whose jobs a change of a Dataverse table wakes: those that read it (J-70). */
export function mappingsWokenByRow(
  mappings: readonly TableMapping[],
  table: string,
): readonly TableMapping[] {
  return mappings
    .filter(canBeWoken)
    .filter(({ dataverse, direction }) => dataverse.table === table && direction !== 'toDataverse');
}

/** Mappings whose jobs take part in being woken. */
export function canBeWoken({ enabled, job, eventDrivenRescheduling }: TableMapping): boolean {
  return enabled && job !== null && eventDrivenRescheduling;
}
