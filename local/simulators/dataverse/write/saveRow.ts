/** The common end of creating and updating: rules, checks, stamps, store. */
import { invalidArgument } from '../errors.ts';
import { type Row, textOf, withChanges } from '../store/row.ts';
import type { RowDraft } from './rowDraft.ts';
import { applyAnnotationRules } from './rules/annotations.ts';
import { applyAutoNumber } from './rules/autoNumber.ts';
import { applyCurrency, checkExchangeRate } from './rules/currency.ts';
import { applyCustomer } from './rules/customers.ts';
import { checkEditable } from './rules/editability.ts';
import { applyHeaderTotals } from './rules/headerTotals.ts';
import { applyLineRules } from './rules/linePricing.ts';
import { applyNames } from './rules/names.ts';
import { applyOwnership } from './rules/ownership.ts';
import { applyProductRules } from './rules/products.ts';
import { initialState, nextState } from './states.ts';

/** Runs every rule on the draft and stores the row with a new version. Raises the refusal of the rule broken. */
export function saveDraft(draft: RowDraft): Row {
  checkEditable(draft);
  applyState(draft);
  applyOwnership(draft);
  applyCustomer(draft);
  applyAutoNumber(draft);
  applyProductRules(draft);
  applyLineRules(draft);
  applyHeaderTotals(draft);
  applyNames(draft);
  applyAnnotationRules(draft);
  checkExchangeRate(draft);
  applyCurrency(draft);
  checkRequired(draft);
  return storeDraft(draft);
}

/** Stamps and stores the draft as it is, without rules. */
export function storeDraft(draft: RowDraft): Row {
  stamp(draft);
  const row = withChanges(draft.before ?? {}, draft.changes);
  draft.context.organisation.store.put(draft.table, row);
  return row;
}

function applyState(draft: RowDraft): void {
  const { organisation } = draft.context;
  const pair = draft.before
    ? nextState(organisation.options, draft.table, draft.before, draft.changes)
    : initialState(organisation, draft.table, draft.changes);
  if (!pair) return;
  draft.set('statecode', pair.statecode);
  draft.set('statuscode', pair.statuscode);
}

function checkRequired(draft: RowDraft): void {
  for (const column of draft.table.requiredColumns) {
    if (!draft.isCreate && !draft.writes(column.property)) continue;
    if (draft.get(column.property) === null) {
      throw invalidArgument(
        `The required column '${column.name}' of '${draft.table.logicalName}' has no value.`,
      );
    }
  }
}

/** Whole-second times, the acting user, the real caller and the version (dataverse-web-api section 7). */
function stamp(draft: RowDraft): void {
  const { acting, instant } = draft.context;
  const user = textOf(acting.user, 'systemuserid');
  const caller = textOf(acting.onBehalf, 'systemuserid');
  if (draft.isCreate) {
    draft.set(draft.table.primaryId, draft.id);
    draft.set('createdon', draft.text('overriddencreatedon') ?? instant);
    draft.setLookup('createdby', 'systemuser', user);
    draft.setLookup('createdonbehalfby', 'systemuser', caller);
    stampOrganization(draft);
  }
  draft.set('modifiedon', instant);
  draft.setLookup('modifiedby', 'systemuser', user);
  draft.setLookup('modifiedonbehalfby', 'systemuser', caller);
  draft.changes['versionnumber'] = draft.context.nextVersion();
}

function stampOrganization(draft: RowDraft): void {
  const organization = textOf(draft.context.organisation.store.organization(), 'organizationid');
  if (draft.table.logicalName === 'organization') return;
  draft.set('organizationid', organization);
  draft.set('_organizationid_value', organization);
}
