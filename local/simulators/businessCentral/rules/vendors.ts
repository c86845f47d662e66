/** Vendors: company contact and primary contact, as customers have them. */
import type { Draft } from '../page/draft.ts';
import { dialogError } from '../serviceError.ts';
import { carryToContact, createCompanyContact, unrelate, validatePrimaryContact } from './companyContacts.ts';
import type { TableRules } from './rules.ts';

function refuseBlankName(draft: Draft): void {
  if (draft.text('Name').trim() === '') throw dialogError('The vendor name must be filled in: displayName.');
}

/** Rules of the table Vendor. */
export const vendorRules: TableRules = {
  validate: { 'Primary Contact No.': (draft) => validatePrimaryContact(draft, 'Vendor') },
  beforeInsert: refuseBlankName,
  afterInsert: (draft, row) => createCompanyContact(draft, row, 'Vendor'),
  beforeModify: refuseBlankName,
  afterModify: (draft, _row, changed) => carryToContact(draft, Object.keys(changed), 'Vendor'),
  afterDelete: (context, row) => unrelate(context, row, 'Vendor'),
};
