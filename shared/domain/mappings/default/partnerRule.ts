/** The entity rules of CUSTOMER and VENDOR: accounts that close, and contacts that were waiting for a company (E-95, E-96). */
import {
  type EntityRule,
  nothing,
  plainRule,
  type RuleOutcome,
  type RuleSubject,
} from '../../sync/entityRule.ts';
import { isBlank } from '../../sync/values.ts';

/** Contacts of a new customer or vendor get their company. */
export const vendorRule: EntityRule = { ...plainRule, bringsContacts: true };

/** State code of an active row. */
const active = 0;

/**
 * A customer whose account was deactivated is blocked; nothing ever unblocks one from Sales. Reached only where the mapping's
 * filter lets inactive accounts pass (E-95).
 */
function blockedWithAccount({ pass, businessCentral, dataverse }: RuleSubject): RuleOutcome {
  if (pass === 'toDataverse' || !businessCentral || !dataverse) return nothing;
  const isClosed = (dataverse.values['statecode'] ?? active) !== active;
  const isFree = isBlank(businessCentral.values['blocked']);
  return isClosed && isFree ? { kind: 'values', values: { blocked: 'All' } } : nothing;
}

export const customerRule: EntityRule = {
  ...vendorRule,
  inputs: (pass, source) =>
    pass === 'toBusinessCentral' ? { state: source.values['statecode'] ?? active } : {},
  onModify: blockedWithAccount,
};
