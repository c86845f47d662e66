/**
 * State and status of a row: pairs that fit, defaults, transitions (dataverse-web-api section 8).
 * Orders are fulfilled and canceled by actions (orderActions.ts), quotes are won, closed and revised by theirs (quoteStates.ts).
 * Not simulated: actions that close opportunities with an activity.
 */
import { DataverseError, errorCodes } from '../errors.ts';
import type { Organisation } from '../organisation.ts';
import type { OptionCatalog } from '../schema/optionCatalog.ts';
import type { Table } from '../schema/schema.ts';
import { cellOf, numberOf, type Row } from '../store/row.ts';

/** State and status that fit together. */
export interface StatePair {
  readonly statecode: number;
  readonly statuscode: number;
}

/** State and status of a new row; null when the table has none. Raises 400 when a status does not fit. */
export function initialState(organisation: Organisation, table: Table, values: Row): StatePair | null {
  if (table.states.length === 0) return null;
  const statecode = firstState(organisation, table);
  const statuscode = numberOf(values, 'statuscode') ?? defaultStatus(table, statecode);
  return checkedPair(organisation.options, table, statecode, statuscode);
}

/** New products are drafts unless the organisation makes them active at once. */
function firstState(organisation: Organisation, table: Table): number {
  if (table.logicalName !== 'product') return table.states[0]?.value ?? 0;
  return cellOf(organisation.store.organization(), 'createproductswithoutparentinactivestate') === true
    ? 0
    : 2;
}

/** State and status after an update; null when neither is written. Raises 400. */
export function nextState(
  options: OptionCatalog,
  table: Table,
  current: Row,
  changes: Row,
): StatePair | null {
  if (table.states.length === 0) return null;
  const askedState = numberOf(changes, 'statecode');
  const askedStatus = numberOf(changes, 'statuscode');
  if (askedState === null && askedStatus === null) return null;
  const before = numberOf(current, 'statecode') ?? 0;
  const statecode = askedState ?? before;
  const statuscode = askedStatus ?? defaultStatus(table, statecode);
  const pair = checkedPair(options, table, statecode, statuscode);
  checkTransition(table, before, statecode);
  return pair;
}

function defaultStatus(table: Table, statecode: number): number {
  return table.states.find((state) => state.value === statecode)?.defaultStatus ?? 1;
}

/** A status added as an option belongs to the active state, for the platform adds it there unless told otherwise. */
function checkedPair(options: OptionCatalog, table: Table, statecode: number, statuscode: number): StatePair {
  const column = table.byName.get('statuscode');
  const status = column ? options.of(table, column).find((option) => option.value === statuscode) : undefined;
  if ((status?.state ?? 0) !== statecode) {
    throw new DataverseError(
      400,
      errorCodes.statusDoesNotFitState,
      `${statuscode} is not a valid status code for state code ${stateLabel(table, statecode)} on ${table.logicalName}.`,
    );
  }
  return { statecode, statuscode };
}

function stateLabel(table: Table, statecode: number): string {
  return table.states.find((state) => state.value === statecode)?.label ?? String(statecode);
}

function checkTransition(table: Table, from: number, to: number): void {
  if (from === to || !table.transitions) return;
  if (table.transitions.some(([before, after]) => before === from && after === to)) return;
  const message = `A ${table.logicalName} cannot go from state ${stateLabel(table, from)} to ${stateLabel(table, to)}.`;
  throw new DataverseError(400, transitionCode(table, from, to), message);
}

function transitionCode(table: Table, from: number, to: number): string {
  if (table.logicalName !== 'product') return errorCodes.statusDoesNotFitState;
  if (from === 0 && to === 2) return errorCodes.productActiveToDraft;
  return from === 1 && to === 2 ? errorCodes.productRetiredToDraft : errorCodes.productRetiredToActive;
}
