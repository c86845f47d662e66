/** The entity rules of CUSTOMER and VENDOR: accounts that close, and contacts that were waiting for a company (E-95, E-96). */
import type { PassDirection } from '../../common/directions.ts';
import type { BusinessCentralRecord, DataverseRow } from '../../common/records.ts';
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

/** Only a closed account has something to tell, so that pairs of open ones need no look at their state. */
function stateOf(pass: PassDirection, { values }: BusinessCentralRecord | DataverseRow) {
  const state = pass === 'toBusinessCentral' ? (values['statecode'] ?? active) : active;
  return state === active ? {} : { state };
}

export const customerRule: EntityRule = {
  ...vendorRule,
  inputs: stateOf,
  onModify: blockedWithAccount,
};
