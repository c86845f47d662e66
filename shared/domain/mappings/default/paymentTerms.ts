/** PAYMENT TERMS: payment terms are options of accounts, orders, quotes and invoices (E-80 to E-82). */
import { optionMapping } from '../optionMapping.ts';

export const paymentTerms = optionMapping({
  name: 'PAYMENT TERMS',
  order: 3,
  businessCentral: {
    table: 'Payment Terms',
    entitySet: 'paymentTerms',
    route: 'v2.0',
    nameProperty: 'displayName',
  },
  accountColumn: 'paymenttermscode',
  relatedColumns: [
    { table: 'salesorder', attribute: 'paymenttermscode' },
    { table: 'quote', attribute: 'paymenttermscode' },
    { table: 'invoice', attribute: 'paymenttermscode' },
  ],
});
