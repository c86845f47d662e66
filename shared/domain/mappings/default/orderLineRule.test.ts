/** The entity rule of SOLINE-ORDERDETAIL (D-84, D-92, D-93). */
import { describe, expect, it } from 'vitest';
import { guidOf, record, row } from '../../../../test/builders/records.ts';
import { mappingName } from '../../common/ids.ts';
import { emptyContext, type RuleSubject } from '../../sync/entityRule.ts';
import { type LookupAnswer, Lookups, referenceKey } from '../../sync/lookups.ts';
import { orderLineRule } from './orderLineRule.ts';

const order = guidOf('b', 90);
const salesOrder = guidOf('d', 90);
const product = guidOf('d', 20);

function lookups(
  answers: readonly (readonly [string, string, string, 'key' | 'id', LookupAnswer])[],
): Lookups {
  const known = answers.map(([mapping, side, value, by, answer]) => {
    const reference = { mapping: mappingName(mapping), side: side as 'dataverse', by, value };
    return [referenceKey(reference), answer] as const;
  });
  return new Lookups(new Map(known), '');
}
function subject(changes: Partial<RuleSubject>): RuleSubject {
  return {
    ...{
      pass: 'toDataverse',
      businessCentral: null,
      dataverse: null,
      insertOrdinal: 0,
      lookups: lookups([]),
    },
    ...{ context: emptyContext, isUnsettled: true, waitingFields: [], inputChanged: () => true },
    ...changes,
  };
}

const detail = row({ salesorderid: salesOrder, productid: product, quantity: 1 });
const coupledProduct = ['ITEM-PRODUCT', 'dataverse', product, 'id', coupled('I1', 'CHAIR')] as const;
function coupled(id: string, key: string): LookupAnswer {
  return { status: 'coupled', id, key };
}

describe('a new line of an order', () => {
  it('whose header is not coupled fails, on its way to either side (D-93)', () => {
    const problem = { kind: 'problem', problem: { code: 'ORDER_HEADER_NOT_COUPLED' } };
    const toBusinessCentral = { pass: 'toBusinessCentral', dataverse: detail } as const;
    expect(
      orderLineRule.onInsert(subject({ ...toBusinessCentral, lookups: lookups([coupledProduct]) })),
    ).toMatchObject(problem);
    const writeIn = { ...emptyContext.salesSetup, writeInProduct: { type: 'Item', number: 'WORK' } } as const;
    const line = record({
      documentId: order,
      lineType: 'Item',
      lineObjectNumber: 'WORK',
      description: 'Own',
    });
    const context = { ...emptyContext, salesSetup: writeIn };
    expect(orderLineRule.onInsert(subject({ businessCentral: line, context }))).toMatchObject(problem);
  });

  it('names the order, its type and number where both are coupled (D-84, D-92)', () => {
    const header = ['SALESORDER-ORDER', 'dataverse', salesOrder, 'id', coupled(order, 'SO-1')] as const;
    const made = orderLineRule.onInsert(
      subject({ pass: 'toBusinessCentral', dataverse: detail, lookups: lookups([header, coupledProduct]) }),
    );
    const values = { documentId: order, lineType: 'Item', lineObjectNumber: 'CHAIR' };
    expect(made).toEqual({ kind: 'values', values });
  });

  it('is known by its number in the coupled order (D-84, P2)', () => {
    const line = record({ documentId: order, sequence: 20000 });
    const header = ['SALESORDER-ORDER', 'businessCentral', order, 'id', coupled(salesOrder, 'SO-1')] as const;
    const known = subject({ businessCentral: line, lookups: lookups([header]) });
    const { match } = orderLineRule;
    expect(match?.value(known)).toBe(salesOrder);
    expect(match?.value(subject({ businessCentral: line }))).toBeNull();
    const isMatch = (number: number | null) =>
      match?.isCounterpart(known, row({ bcbi_businesscentrallinenumber: number }));
    expect([20000, 10000, null].map(isMatch)).toEqual([true, false, false]);
  });
});
