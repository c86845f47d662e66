/** Builders of Sales documents and of what is known about them: a test states only the values it is about. */
import { businessCentralId } from '../../shared/domain/common/ids.ts';
import type { DataverseRow, FieldValues } from '../../shared/domain/common/records.ts';
import type { CoupledRecord, DocumentFacts } from '../../shared/domain/documents/documentFacts.ts';
import { planDocument } from '../../shared/domain/documents/planDocument.ts';
import { guidOf, record, row } from './records.ts';

export const accountId = guidOf('d', 10);
export const productId = guidOf('d', 20);
export const serviceId = guidOf('d', 21);
export const currencyId = guidOf('d', 30);
export const unitId = guidOf('d', 40);

export const named = (id: string, values: FieldValues): [string, DataverseRow] => [
  id,
  { ...row(values), id: id as DataverseRow['id'] },
];
export const coupledTo = (
  id: string,
  number: number,
  values: FieldValues | null,
): [string, CoupledRecord] => [
  id,
  {
    id: businessCentralId(guidOf('b', number)),
    record: values && { ...record(values, number), id: businessCentralId(guidOf('b', number)) },
  },
];
export const chair: FieldValues = {
  number: 'CHAIR',
  displayName: 'Chair',
  type: 'Inventory',
  priceIncludesTax: false,
};

export function facts(changes: Partial<DocumentFacts> = {}): DocumentFacts {
  return {
    accounts: new Map([named(accountId, { name: 'Contoso', customertypecode: 3 })]),
    contacts: new Map(),
    products: new Map([
      named(productId, { name: 'Chair', statecode: 0, producttypecode: 1 }),
      named(serviceId, { name: 'Fitting', statecode: 0, producttypecode: 3 }),
    ]),
    currencies: new Map([named(currencyId, { isocurrencycode: 'EUR' })]),
    customers: new Map([coupledTo(accountId, 1, { number: 'C1' })]),
    items: new Map([coupledTo(productId, 2, chair)]),
    resources: new Map([coupledTo(serviceId, 3, { number: 'FITTING', name: 'Fitting' })]),
    units: null,
    options: { paymentTerms: new Map(), shipmentMethods: new Map(), shippingAgents: new Map() },
    currencyCodes: new Set(['EUR']),
    localCurrencyCode: 'GBP',
    writeIn: {
      ...{ type: 'Item', number: 'WORK', isCoupled: false },
      record: { ...record({ number: 'WORK', type: 'Service' }, 9), id: businessCentralId(guidOf('b', 9)) },
    },
    freightAccount: '6110',
    travelsBothWays: false,
    ...changes,
  };
}

export const order = (values: FieldValues = {}, lookupTables = {}): DataverseRow => ({
  ...row({ ordernumber: 'ORD-1', name: 'Chairs', customerid: accountId, statecode: 1, ...values }),
  lookupTables,
});
export const line = (values: FieldValues = {}, number = 1): DataverseRow =>
  row({ sequencenumber: number, productid: productId, quantity: 2, priceperunit: 80, ...values }, number);
export const writeIn = (values: FieldValues = {}, number = 1) =>
  line({ productid: null, productdescription: 'Assembly', ...values }, number);

export function planned(
  header = order(),
  lines = [line()],
  known = facts(),
  type: 'order' | 'quote' = 'order',
) {
  const result = planDocument(type, { header, lines }, known);
  if (result.kind === 'problem') throw new Error(result.problem.code);
  return result.value;
}
export function refused(
  header = order(),
  lines = [line()],
  known = facts(),
  type: 'order' | 'quote' = 'order',
) {
  const result = planDocument(type, { header, lines }, known);
  return result.kind === 'problem' ? result.problem.code : 'planned';
}
export const valuesOf = (plan: ReturnType<typeof planned>) => plan.lines.map(({ values }) => values);
