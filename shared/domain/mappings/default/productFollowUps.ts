/** After a product is written: default price list, its line, units of products in use, publishing (E-102 to E-104). */
import type { PassDirection } from '../../common/directions.ts';
import { dataverseId, mappingName } from '../../common/ids.ts';
import type { DataverseRow, LookupReference } from '../../common/records.ts';
import type { RuleContext } from '../../sync/entityRule.ts';
import {
  type DoneRecord,
  type FollowUpOutcome,
  type FollowUpWrite,
  noFollowUps,
  type RelatedRead,
  type RelatedRecords,
} from '../../sync/followUps.ts';
import type { AssetType } from '../../sync/groupPrices.ts';
import type { Lookups } from '../../sync/lookups.ts';
import { problem } from '../../sync/problems.ts';
import { groupNameOfAsset, groupNameOfUnit, unitAttributes } from '../../sync/salesUnits.ts';
import { asCode, canonicalText, roundTo } from '../../sync/values.ts';
import { lineAttributes, linePhase, lineWrites, type WantedLine } from './defaultPriceLines.ts';
import { defaultPriceList, lineKey, listReads } from './defaultPriceList.ts';
import { productStates } from './productStates.ts';

type DataverseRead = Extract<RelatedRead, { side: 'dataverse' }>;

/** Order of the writes: the list, a revision, units, the line, and then the product is for sale again. */
const phases = { revise: linePhase - 2, units: linePhase - 1, publish: linePhase + 1 } as const;
const priceDecimals = 2;

/** A product whose follow-ups are decided on. */
export interface ProductWork {
  readonly kind: AssetType;
  readonly pass: PassDirection;
  readonly done: DoneRecord;
  readonly related: RelatedRecords;
  readonly context: RuleContext;
  readonly lookups: Lookups;
}

function linesRead({ dataverse }: DoneRecord): DataverseRead {
  const attributes = [...lineAttributes];
  return {
    side: 'dataverse',
    table: 'productpricelevel',
    attributes,
    attribute: 'productid',
    value: dataverse.id,
  };
}

function groupRead(
  kind: AssetType,
  { businessCentral: { values } }: DoneRecord,
  context: RuleContext,
): DataverseRead {
  const value = context.unitGroupMapping
    ? groupNameOfAsset(kind, canonicalText(values['number']))
    : groupNameOfUnit(canonicalText(values['baseUnitOfMeasureCode']));
  return { side: 'dataverse', table: 'uomschedule', attributes: ['name'], attribute: 'name', value };
}

function codeRead({ businessCentral: { values } }: DoneRecord): DataverseRead {
  const value = asCode(canonicalText(values['baseUnitOfMeasureCode']));
  return { side: 'dataverse', table: 'uom', attributes: [...unitAttributes], attribute: 'name', value };
}

function unitsRead({ dataverse }: DoneRecord): DataverseRead {
  const value = canonicalText(dataverse.values['defaultuomscheduleid']);
  return {
    side: 'dataverse',
    table: 'uom',
    attributes: [...unitAttributes],
    attribute: 'uomscheduleid',
    value,
  };
}

/** Lists, lines, and for products that were there before the unit they should have. */
export function productRelatedReads(
  kind: AssetType,
  done: DoneRecord,
  context: RuleContext,
): readonly RelatedRead[] {
  const units = done.kind === 'insert' ? [] : [groupRead(kind, done, context), codeRead(done)];
  const all = context.unitGroupMapping ? [unitsRead(done)] : [];
  return [...listReads(context.companyId, context.localCurrencyCode), linesRead(done), ...units, ...all];
}

/** The writes that are still needed; none when the product, its unit and its line are right. */
export function productFollowUps(work: ProductWork): FollowUpOutcome {
  const { pass, lookups, context, related, done } = work;
  if (pass === 'toBusinessCentral') return noFollowUps;
  const answer = lookups.find({
    mapping: mappingName('CURRENCY'),
    side: 'businessCentral',
    by: 'key',
    value: '',
  });
  if (answer.status !== 'coupled') {
    const message = 'The local currency has no row in Sales yet.';
    return { kind: 'problem', problem: problem('currency-not-found', { message }) };
  }
  const currency: LookupReference = { table: 'transactioncurrency', id: dataverseId(answer.id) };
  const { companyId, localCurrencyCode: localCode } = context;
  const list = defaultPriceList(related, { companyId, localCode, currency });
  const units = unitChange(work);
  const product: LookupReference = { table: 'product', id: done.dataverse.id };
  const lines = linesOf(work, units).flatMap((wanted) =>
    lineWrites(related.rows(linesRead(done)), { list: list.id, product, ...wanted }),
  );
  const writes = [
    ...list.writes,
    ...units.writes,
    ...lines,
    ...publishing(work, list.id, units.writes.length > 0),
  ];
  return { kind: 'writes', writes };
}

/** The product's unit and group as they should be, with the writes that make them so. */
interface Units {
  readonly group: LookupReference;
  readonly unit: LookupReference;
  readonly writes: readonly FollowUpWrite[];
}

/** A product in use has to be revised to get another unit group; where a user changed the units they stay (E-102, P1). */
function unitChange({ kind, done, related, context }: ProductWork): Units {
  const { dataverse, action } = done;
  const present = (attribute: string) => dataverseId(canonicalText(dataverse.values[attribute]));
  const group: LookupReference = { table: 'uomschedule', id: present('defaultuomscheduleid') };
  const unit: LookupReference = { table: 'uom', id: present('defaultuomid') };
  const asIs: Units = { group, unit, writes: [] };
  if (done.kind === 'insert' || ('waitingFields' in action && action.waitingFields.some(isUnitField)))
    return asIs;
  if ('settledFields' in action && !unitsAreSettled(kind, action.settledFields)) return asIs;
  const [wanted, second] = related.rows(groupRead(kind, done, context));
  const inGroup = related.rows(codeRead(done)).find((row) => row.values['uomscheduleid'] === wanted?.id);
  if (!wanted || second || !inGroup || (wanted.id === group.id && inGroup.id === unit.id)) return asIs;
  const values = {
    defaultuomscheduleid: { table: 'uomschedule', id: wanted.id },
    defaultuomid: { table: 'uom', id: inGroup.id },
  };
  const write = { kind: 'updateRow', table: 'product', row: dataverse } as const;
  const isActive = dataverse.values['statecode'] === productStates.active.statecode;
  const revise: FollowUpWrite = { ...write, phase: phases.revise, values: productStates.revision };
  const change: FollowUpWrite = { ...write, phase: phases.units, values };
  return {
    group: values.defaultuomscheduleid,
    unit: values.defaultuomid,
    writes: isActive ? [revise, change] : [change],
  };
}

function isUnitField(id: string): boolean {
  return id === 'defaultuomid' || id === 'defaultuomscheduleid';
}

/** Only items have a field mapping of their own for the unit; what it left open belongs to the other pass. */
function unitsAreSettled(kind: AssetType, settledFields: readonly string[]): boolean {
  return kind === 'Resource' || settledFields.some(isUnitField);
}

/** One line per product; where it has a unit group of its own, one per unit at the price times the unit's quantity (E-103). */
function linesOf(work: ProductWork, { group, unit }: Units): readonly WantedLine[] {
  const { done, context } = work;
  const price = Number(done.dataverse.values['price'] ?? 0);
  const { companyId, unitGroupMapping } = context;
  const line = (id: string, of: LookupReference, quantity: number): WantedLine => ({
    id: lineKey(companyId, id),
    group,
    unit: of,
    amount: roundTo(price * quantity, priceDecimals),
  });
  if (!unitGroupMapping) return [line(done.businessCentral.id, unit, 1)];
  return unitsOf(work, group).map((row) =>
    line(row.id, { table: 'uom', id: row.id }, Number(row.values['quantity'] ?? 1)),
  );
}

/** The units of the product's group; of a group it is only about to get, as they were when the product was planned. */
function unitsOf(
  { kind, done, related, context }: ProductWork,
  group: LookupReference,
): readonly DataverseRow[] {
  if (done.dataverse.values['defaultuomscheduleid'] === group.id) return related.rows(unitsRead(done));
  const name = groupNameOfAsset(kind, canonicalText(done.businessCentral.values['number']));
  const named = context.unitGroups.get(name.toLowerCase()) ?? [];
  return named.find(({ row }) => row.id === group.id)?.units ?? [];
}

/**
 * A new product gets the list and is published; one that was found gets the list, too. Whatever was revised for its units
 * is for sale again, also when they were refused (E-104).
 */
function publishing(
  { done }: ProductWork,
  list: LookupReference['id'],
  revised: boolean,
): readonly FollowUpWrite[] {
  const { values } = done.dataverse;
  const { active, draft, revision } = productStates;
  const isNew = done.kind === 'insert' || done.kind === 'couple' || values['pricelevelid'] === null;
  const listed =
    isNew && values['pricelevelid'] !== list ? { pricelevelid: { table: 'pricelevel', id: list } } : {};
  const isWaiting = values['statecode'] === draft.statecode || values['statecode'] === revision.statecode;
  const wasActive = values['statecode'] === active.statecode;
  const isBlocked = done.businessCentral.values['blocked'] === true;
  const published = (isWaiting && !isBlocked) || (revised && wasActive) ? active : {};
  const change = { ...published, ...listed };
  if (Object.keys(change).length === 0) return [];
  return [
    {
      kind: 'updateRow',
      phase: phases.publish,
      table: 'product',
      row: done.dataverse,
      values: change,
      evenAfterRefusal: revised && wasActive,
    },
  ];
}
