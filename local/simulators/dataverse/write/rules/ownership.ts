/** Owner of a row and the columns derived from it (dataverse-web-api section 8). */
import { invalidArgument } from '../../errors.ts';
import { cellOf, textOf } from '../../store/row.ts';
import type { RowDraft } from '../rowDraft.ts';

const accessTeam = 1;

/** Owner = caller when absent on create; raises 400 for an owner that cannot own rows. */
export function applyOwnership(draft: RowDraft): void {
  const column = draft.table.byName.get('ownerid');
  if (!column?.create) return;
  if (draft.isCreate && draft.get('_ownerid_value') === null) {
    draft.setLookup('ownerid', 'systemuser', textOf(draft.context.acting.user, 'systemuserid'));
  }
  if (draft.writes('_ownerid_value')) applyOwner(draft);
}

function applyOwner(draft: RowDraft): void {
  const owner = draft.related('ownerid');
  if (!owner) throw invalidArgument('A row needs an owner.');
  const isTeam = draft.lookupTable('ownerid') === 'team';
  if (cellOf(owner, 'isdisabled') === true) throw invalidArgument('A disabled user cannot own rows.');
  if (isTeam && cellOf(owner, 'teamtype') === accessTeam) {
    throw invalidArgument('An access team cannot own rows.');
  }
  draft.set('_owninguser_value', isTeam ? null : textOf(owner, 'systemuserid'));
  draft.set('_owningteam_value', isTeam ? textOf(owner, 'teamid') : null);
  draft.set('_owningbusinessunit_value', textOf(owner, '_businessunitid_value'));
}
