/** Read-only columns of notes that follow from what they stand on and what is attached to them. */
import type { RowDraft } from '../rowDraft.ts';

/** `objecttypecode` names the table of the record; an attachment has the size of its decoded body. */
export function applyAnnotationRules(draft: RowDraft): void {
  if (draft.table.logicalName !== 'annotation') return;
  draft.setDefault('isdocument', false);
  draft.set('objecttypecode', draft.lookupTable('objectid') ?? null);
  if (!draft.writes('documentbody')) return;
  const body = draft.text('documentbody');
  draft.set('filesize', body === null ? null : Buffer.from(body, 'base64').length);
}
