/** What the platform writes to other rows after one was written: header totals, base units, line states. */
import { type Row, withChanges } from '../store/row.ts';
import type { WriteContext } from './context.ts';
import { freshId } from './freshId.ts';
import { RowDraft } from './rowDraft.ts';
import { applyCurrency } from './rules/currency.ts';
import { type DocumentKind, kindOfHeader, kindOfLine } from './rules/documents.ts';
import { computeTotals, headerIdOf } from './rules/headerTotals.ts';
import { storeDraft } from './saveRow.ts';

/** Called once for each row created or updated, inside the same transaction. */
export function afterRowWritten(draft: RowDraft): void {
  const { context, table } = draft;
  const row = context.organisation.store.get(table, draft.id);
  if (!row) return;
  const lineKind = kindOfLine(table.logicalName);
  if (lineKind) refreshHeader(context, lineKind, headerIdOf(lineKind, row));
  const headerKind = kindOfHeader(table.logicalName);
  if (headerKind && !draft.isCreate) refreshLines(draft, headerKind, row);
  if (table.logicalName === 'uomschedule' && draft.isCreate) createBaseUnit(draft);
}

/** Recomputes the totals of a header and stores it with a new version. */
export function refreshHeader(context: WriteContext, kind: DocumentKind, headerId: string | null): void {
  const { store } = context.organisation;
  const header = store.get(kind.header, headerId);
  if (!header || headerId === null) return;
  const draft = new RowDraft(context, store.tableOf(kind.header), headerId, header);
  computeTotals(draft, kind);
  applyCurrency(draft);
  storeDraft(draft);
}

/** Lines repeat the state and price lock of their header; that copy is no write of the line. */
function refreshLines(draft: RowDraft, kind: DocumentKind, header: Row): void {
  if (!draft.writes('statecode') && !draft.writes('ispricelocked')) return;
  const { store } = draft.context.organisation;
  const lineTable = store.tableOf(kind.line);
  const copies = { [kind.lineState]: 'statecode', [kind.linePriceLock]: 'ispricelocked' };
  for (const line of store.table(lineTable).withValue(`_${kind.link}_value`, draft.id)) {
    const changes: Record<string, Row[string]> = {};
    for (const [target, source] of Object.entries(copies)) {
      if (lineTable.byProperty.has(target)) changes[target] = header[source] ?? null;
    }
    store.put(lineTable, withChanges(line, changes));
  }
}

/** A unit group comes with its base unit. */
function createBaseUnit(draft: RowDraft): void {
  const { context, id } = draft;
  const table = context.organisation.store.tableOf('uom');
  const unit = new RowDraft(context, table, freshId(context.organisation, table), null);
  unit.set('name', draft.text('baseuomname'));
  unit.set('quantity', 1);
  unit.set('isschedulebaseuom', true);
  unit.setLookup('uomscheduleid', 'uomschedule', id);
  storeDraft(unit);
}
