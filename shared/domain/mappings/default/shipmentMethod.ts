/** SHIPMENT METHOD: shipment methods are options of accounts, orders and quotes (E-80 to E-82). */
import { optionMapping } from '../optionMapping.ts';

export const shipmentMethod = optionMapping({
  name: 'SHIPMENT METHOD',
  order: 4,
  businessCentral: {
    table: 'Shipment Method',
    entitySet: 'shipmentMethods',
    route: 'v2.0',
    nameProperty: 'displayName',
  },
  accountColumn: 'address1_freighttermscode',
  relatedColumns: [
    { table: 'salesorder', attribute: 'freighttermscode' },
    { table: 'quote', attribute: 'freighttermscode' },
  ],
});
