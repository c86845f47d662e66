/** Opportunities: contact company, and what is locked once they are closed (section 5). */
import type { Draft } from '../page/draft.ts';
import { dialogError } from '../serviceError.ts';
import type { TableRules } from './rules.ts';

function refuseClosed(draft: Draft, column: string): void {
  if (draft.row && ['Won', 'Lost'].includes(draft.text('Status'))) {
    throw dialogError(`${column} cannot be changed on an opportunity that is won or lost.`);
  }
}

/** Rules of the table Opportunity. */
export const opportunityRules: TableRules = {
  validate: {
    'Contact No.': (draft) => {
      refuseClosed(draft, 'Contact No.');
      const contact = draft.find('Contact', 'No.', draft.get('Contact No.'));
      draft.assign('Contact Company No.', contact?.values['Company No.'] ?? '');
    },
    'Salesperson Code': (draft) => refuseClosed(draft, 'Salesperson Code'),
  },
  beforeInsert: (draft) => draft.assign('Creation Date', draft.today()),
};
