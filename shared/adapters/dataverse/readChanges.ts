/** Chooses how changes of a table are read, and whether a stored position still fits. */
import { unreachable } from '../../domain/common/failures.ts';
import type { DataverseChangePage, DataverseChangesRequest } from '../../ports/dataverse.ts';
import type { DataverseContext } from './context.ts';
import { type PolledPosition, readPolledChanges } from './polledChanges.ts';
import { decodePosition } from './position.ts';
import { type ResolvedSelection, resolveSelection } from './selection.ts';
import { readTrackedChanges, type TrackedPosition } from './trackedChanges.ts';

/**
 * One page of changes: by change tracking where the table has it, else by modifiedon.
 *
 * A position made with other columns, or by the other way of reading, counts as none: rows would come
 * without the columns asked for now, so everything is read again.
 */
export async function readChanges(
  context: DataverseContext,
  request: DataverseChangesRequest,
): Promise<DataverseChangePage> {
  const resolved = await resolveSelection(context, request.selection);
  const position = fittingPosition(context, resolved, request.position);
  if (resolved.table.changeTrackingEnabled) {
    return readTrackedChanges(context, resolved, isTracked(position) ? position : null);
  }
  return readPolledChanges(context, resolved, isTracked(position) ? null : position);
}

type AnyPosition = TrackedPosition | PolledPosition | null;

function fittingPosition(
  context: DataverseContext,
  resolved: ResolvedSelection,
  text: string | null,
): AnyPosition {
  if (text === null) return null;
  const position = decodePosition(text);
  const table = resolved.table.logicalName;
  if (position === null) {
    context.log('warning', 'position-unreadable', { table });
    return null;
  }
  if (position.select === resolved.select) return position;
  context.log('information', 'columns-changed-full-read', { table });
  return null;
}

function isTracked(position: AnyPosition): position is TrackedPosition {
  if (position === null) return false;
  switch (position.kind) {
    case 'trackedPage':
    case 'trackedEnd':
      return true;
    case 'polledPage':
    case 'polledEnd':
      return false;
    default:
      return unreachable(position);
  }
}
