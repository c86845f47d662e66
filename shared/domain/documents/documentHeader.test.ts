/** The header of a document, its customer and its currency (D-42 to D-45, D-60, D-113). */
import { describe, expect, it } from 'vitest';
import {
  accountId,
  coupledTo,
  currencyId,
  facts,
  line,
  named,
  order,
  planned,
  refused,
} from '../../../test/builders/documents.ts';
import { guidOf, row } from '../../../test/builders/records.ts';
import { businessCentralId } from '../common/ids.ts';

describe('the customer', () => {
  const contactId = guidOf('d', 50);
  const contact = { customerid: contactId };
  const asContact = { customerid: 'contact' };
  it.each([
    ['none', order({ customerid: null }), facts(), 'ORDER_NO_CUSTOMER'],
    ['an account that is gone', order(), facts({ accounts: new Map() }), 'ORDER_NO_ACCOUNT'],
    [
      'an account of another type',
      order(),
      facts({ accounts: new Map([named(accountId, { customertypecode: 10 })]) }),
      'ORDER_ACCOUNT_NOT_CUSTOMER',
    ],
    ['an uncoupled account', order(), facts({ customers: new Map() }), 'ORDER_CUSTOMER_NOT_COUPLED'],
    [
      'a customer that is gone',
      order(),
      facts({ customers: new Map([coupledTo(accountId, 1, null)]) }),
      'ORDER_CUSTOMER_MISSING',
    ],
    ['a contact without account', order(contact, asContact), facts(), 'ORDER_NO_ACCOUNT'],
  ])('%s is an error (D-44)', (_what, header, known, code) => {
    expect(refused(header, [line()], known)).toBe(code);
  });

  it('of a contact is that of its parent account, whatever its type (D-44)', () => {
    const known = facts({
      accounts: new Map([named(accountId, { name: 'Contoso', customertypecode: 10 })]),
      contacts: new Map([named(contactId, { parentcustomerid: accountId })]),
    });
    expect(planned(order(contact, asContact), [line()], known).header['customerId']).toBe(guidOf('b', 1));
  });

  it('makes the same errors of quotes, with their own prefix (D-116)', () => {
    expect(refused(order({ customerid: null }), [], facts(), 'quote')).toBe('QUOTE_NO_CUSTOMER');
  });
});

describe('the header', () => {
  it('carries what Sales holds, in the order of its assignment (D-42, D-43)', () => {
    const options = {
      paymentTerms: new Map([[1, businessCentralId(guidOf('b', 71))]]),
      shipmentMethods: new Map([[2, businessCentralId(guidOf('b', 72))]]),
      shippingAgents: new Map([[4, 'UPS']]),
    };
    const header = order({
      ...{ name: 'n'.repeat(40), requestdeliveryby: '2026-04-15', transactioncurrencyid: currencyId },
      ...{
        shipto_name: 'not taken',
        shipto_line1: 'x'.repeat(120),
        shipto_city: 'Oslo',
        shipto_country: 'NO',
      },
      ...{ billto_line1: 'Bank Street 1', paymenttermscode: 1, freighttermscode: 2, shippingmethodcode: 4 },
      description: 'Handle with care',
    });
    const plan = planned(header, [], facts({ options }));
    expect(Object.entries(plan.header)).toEqual([
      ['customerId', guidOf('b', 1)],
      ['currencyCode', 'EUR'],
      ['requestedDeliveryDate', '2026-04-15'],
      ['shipToAddressLine1', 'x'.repeat(100)],
      ['shipToAddressLine2', ''],
      ['shipToPostCode', ''],
      ['shipToCity', 'Oslo'],
      ['shipToCountry', 'NO'],
      ['shipToState', ''],
      ['paymentTermsId', guidOf('b', 71)],
      ['shipmentMethodId', guidOf('b', 72)],
      ['externalDocumentNumber', 'n'.repeat(35)],
    ]);
    expect(plan.extras).toEqual({
      yourReference: 'ORD-1',
      shippingAgentCode: 'UPS',
      workDescription: 'Handle with care',
      ...{ billToAddressLine1: 'Bank Street 1', billToAddressLine2: '', billToPostCode: '' },
      ...{ billToCity: '', billToCountry: '', billToState: '' },
    });
  });

  it('leaves address and options to the customer where Sales has none, or no pair (D-42, D-45)', () => {
    const plan = planned(order({ paymenttermscode: 3, freighttermscode: null, shippingmethodcode: 9 }));
    expect(Object.keys(plan.header)).toEqual(['customerId', 'currencyCode', 'externalDocumentNumber']);
    expect(plan.extras).toEqual({ yourReference: 'ORD-1' });
  });

  it('makes no payment discount of the discount of the order (D-57)', () => {
    expect(planned(order({ discountpercentage: 5 })).extras).not.toHaveProperty('paymentDiscountPercent');
  });

  it('of a quote carries its end date and a bill-to address, and no delivery date (D-113)', () => {
    const quote = row({
      ...{ quotenumber: 'QUO-1', name: 'Chairs', customerid: accountId, effectiveto: '2026-05-01' },
      ...{ requestdeliveryby: '2026-04-15', billto_city: 'Oslo', billto_postalcode: '0150' },
    });
    const { header, extras } = planned(quote, [], facts(), 'quote');
    expect(header).toMatchObject({ validUntilDate: '2026-05-01', billToCity: 'Oslo' });
    expect(Object.keys(header).indexOf('billToCity')).toBeLessThan(
      Object.keys(header).indexOf('billToPostCode'),
    );
    expect(header).not.toHaveProperty('requestedDeliveryDate');
    expect(extras).toMatchObject({ yourReference: 'QUO-1' });
  });
});

describe('the currency', () => {
  it.each([
    ['the local one when the order has none', null, new Map(), 'GBP'],
    [
      'the local one by its code',
      currencyId,
      new Map([named(currencyId, { isocurrencycode: 'gbp' })]),
      'GBP',
    ],
  ])('is %s (D-60, D-61)', (_what, transactioncurrencyid, currencies, code) => {
    const plan = planned(order({ transactioncurrencyid }), [], facts({ currencies }));
    expect(plan.header['currencyCode']).toBe(code);
  });

  it('must exist on both sides (D-60)', () => {
    const inEuro = order({ transactioncurrencyid: currencyId });
    expect(refused(inEuro, [], facts({ currencyCodes: new Set() }))).toBe('CURRENCY_NOT_FOUND');
    expect(refused(inEuro, [], facts({ currencies: new Map() }))).toBe('DV_CURRENCY_NOT_FOUND');
  });
});
