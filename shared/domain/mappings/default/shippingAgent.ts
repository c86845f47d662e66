/** SHIPPING AGENT: shipping agents, which only the companion app serves, are options of accounts, orders, quotes and invoices (E-80 to E-82). */
import { optionMapping } from '../optionMapping.ts';

export const shippingAgent = optionMapping({
  name: 'SHIPPING AGENT',
  order: 5,
  businessCentral: {
    table: 'Shipping Agent',
    entitySet: 'shippingAgents',
    route: 'companion',
    nameProperty: 'name',
  },
  accountColumn: 'address1_shippingmethodcode',
  relatedColumns: [
    { table: 'salesorder', attribute: 'shippingmethodcode' },
    { table: 'quote', attribute: 'shippingmethodcode' },
    { table: 'invoice', attribute: 'shippingmethodcode' },
  ],
});
