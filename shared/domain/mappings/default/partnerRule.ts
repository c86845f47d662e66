/** The entity rule of CUSTOMER and VENDOR: contacts that were waiting for a company get it (E-96). */
import { type EntityRule, plainRule } from '../../sync/entityRule.ts';

export const partnerRule: EntityRule = { ...plainRule, bringsContacts: true };
