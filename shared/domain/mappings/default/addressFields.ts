/** The address of a customer, vendor or contact; both sides hold it in the same columns everywhere. */
import { column, pair, property } from '../fieldBuilders.ts';
import type { FieldMapping } from '../model.ts';

/** Address lines, post code, city, country and county, in the order of the reference. */
export const addressFields: readonly FieldMapping[] = [
  pair(property('addressLine1', 'text', 100), column('address1_line1', 'string', { maxLength: 250 })),
  pair(property('addressLine2', 'text', 50), column('address1_line2', 'string', { maxLength: 250 })),
  pair(property('postalCode', 'code', 20), column('address1_postalcode', 'string', { maxLength: 20 })),
  pair(property('city', 'text', 30), column('address1_city', 'string', { maxLength: 80 })),
  pair(property('country', 'code', 10), column('address1_country', 'string', { maxLength: 80 })),
  pair(property('state', 'text', 30), column('address1_stateorprovince', 'string', { maxLength: 50 })),
];
