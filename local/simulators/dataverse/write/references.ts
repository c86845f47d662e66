/** Resolves bound lookups to stored rows. */
import { badPayload, DataverseError, errorCodes, rowNotFound } from '../errors.ts';
import { type Binding, idInReference } from './parseBody.ts';
import type { RowDraft } from './rowDraft.ts';

/** Writes the bound lookups into the draft. Raises 404 `0x80040217` for a row that is not there. */
export function applyBindings(draft: RowDraft, bindings: readonly Binding[]): void {
  for (const { column, target, reference } of bindings) {
    if (!(draft.isCreate ? column.create : column.update)) continue;
    draft.setLookup(column.name, target, reference === null ? null : existingId(draft, target, reference));
  }
}

function existingId(draft: RowDraft, target: string, reference: string): string {
  const { schema, store } = draft.context.organisation;
  if (!schema.byName.has(target)) throw badPayload(`The table '${target}' is not available.`);
  const id = idInReference(reference);
  if (!id) {
    throw new DataverseError(
      400,
      errorCodes.badQuery,
      `The key in '${reference}' is not the primary key of '${target}', and no alternate key is defined.`,
    );
  }
  if (!store.get(target, id)) throw rowNotFound(target, id);
  return id;
}
