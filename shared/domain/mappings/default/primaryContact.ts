/** A new contact becomes the primary contact of a company that has none, on both sides (E-100). */
import { covers, type PassDirection } from '../../common/directions.ts';
import type { BusinessCentralRecord, DataverseRow, FieldValue } from '../../common/records.ts';
import type { RuleContext } from '../../sync/entityRule.ts';
import {
  byId,
  type DoneRecord,
  type FollowUpWrite,
  type RelatedRead,
  type RelatedRecords,
} from '../../sync/followUps.ts';
import type { Reference } from '../../sync/lookups.ts';
import { cut, isBlank } from '../../sync/values.ts';
import type { TableMapping } from '../model.ts';

const accounts = 'account';
const primaryColumn = 'primarycontactid';
const nameColumn = 'address1_primarycontactname';
const longestName = 100;
/** Its repetition is asked for by the problem that a refused follow-up leaves on the coupling. */
const refusedBefore = 'follow-up-failed';

/** The customer or vendor of a contact, as its mapping knows it. */
type Partner = Pick<Reference, 'mapping' | 'by' | 'value'>;
type CompanyRead = Extract<RelatedRead, { side: 'businessCentral' }>;
type AccountRead = Extract<RelatedRead, { side: 'dataverse' }>;

/** Whether the contact is new to the other side; a repeat after a failure or crash counts, too. */
function isNew({ kind, action }: DoneRecord): boolean {
  return ['insert', 'couple'].includes(kind) || action.pair.coupling?.lastError?.code === refusedBefore;
}

/** The page that holds the primary contact; null where the field mapping is off, or the page does not exist. */
function companyRead({ by, value }: Partner, mapping: TableMapping): CompanyRead | null {
  const field = primaryField(mapping)?.businessCentral;
  if (!field?.entitySet) return null;
  const properties = ['number', 'primaryContactNumber', 'contact'];
  const property = by === 'id' ? byId : 'number';
  return {
    side: 'businessCentral',
    route: 'companion',
    entitySet: field.entitySet,
    properties,
    property,
    value,
  };
}

function accountRead({ dataverse }: DoneRecord): AccountRead {
  const value = dataverse.values['parentcustomerid'] ?? null;
  const attributes = [primaryColumn, nameColumn];
  return { side: 'dataverse', table: accounts, attributes, attribute: byId, value };
}

function primaryField({ fields }: TableMapping) {
  return fields.find(({ dataverse, enabled }) => enabled && dataverse?.attribute === primaryColumn) ?? null;
}

function mappingOf({ mappings }: RuleContext, { mapping }: Partner): TableMapping | null {
  return mappings.find(({ name }) => name === mapping) ?? null;
}

/** The company on both sides, as far as the primary contact is concerned; nothing for contacts that are not new. */
export function companyReads(
  done: DoneRecord,
  partner: Partner | null,
  context: RuleContext,
): readonly RelatedRead[] {
  const mapping = partner && mappingOf(context, partner);
  const company = mapping && isNew(done) ? companyRead(partner, mapping) : null;
  return company ? [company, accountRead(done)] : [];
}

/**
 * Writes of the primary contact, where the field mapping of the company allows the direction. Each side is written only
 * while it names nobody, and a company that names another contact keeps it; so a repeat writes nothing.
 */
export function primaryContactWrites(
  pass: PassDirection,
  done: DoneRecord,
  partner: Partner | null,
  related: RelatedRecords,
  context: RuleContext,
): readonly FollowUpWrite[] {
  const mapping = partner && mappingOf(context, partner);
  const read = mapping && isNew(done) ? companyRead(partner, mapping) : null;
  if (!mapping || !read || !allows(mapping, pass)) return [];
  const [company] = related.records(read);
  const [account] = related.rows(accountRead(done));
  if (!company || !account) return [];
  const number = done.businessCentral.values['number'] ?? null;
  const ours = company.values['primaryContactNumber'] ?? null;
  const theirs = account.values[primaryColumn] ?? null;
  const isOurs = isBlank(ours) || ours === number;
  const isTheirs = isBlank(theirs) || theirs === done.dataverse.id;
  if (!isOurs || !isTheirs) return [];
  const changes = { name: nameChange(done, company, account), number };
  return [
    ...(isBlank(ours) && allows(mapping, 'toBusinessCentral') ? [companyWrite(read, company, changes)] : []),
    ...(isBlank(theirs) && allows(mapping, 'toDataverse') ? [accountWrite(done, account, changes)] : []),
  ];
}

function allows(mapping: TableMapping, pass: PassDirection): boolean {
  const field = primaryField(mapping);
  return field !== null && covers(mapping.direction, pass) && covers(field.direction, pass);
}

interface Changes {
  /** The name both sides show; null where a user entered another one. */
  readonly name: string | null;
  readonly number: FieldValue;
}

function nameChange(
  { businessCentral }: DoneRecord,
  company: BusinessCentralRecord,
  account: DataverseRow,
): string | null {
  const shown = account.values[nameColumn] ?? null;
  const isFree = isBlank(shown) || shown === (company.values['contact'] ?? null);
  return isFree ? cut(String(businessCentral.values['displayName'] ?? ''), longestName) : null;
}

function companyWrite(
  { entitySet, route }: CompanyRead,
  record: BusinessCentralRecord,
  { name, number }: Changes,
): FollowUpWrite {
  const values = { primaryContactNumber: number, ...(name === null ? {} : { contact: name }) };
  return { kind: 'updateRecord', phase: 1, entitySet, route, record, values };
}

function accountWrite({ dataverse }: DoneRecord, row: DataverseRow, { name }: Changes): FollowUpWrite {
  const values = {
    [primaryColumn]: { table: 'contact', id: dataverse.id },
    ...(name === null ? {} : { [nameColumn]: name }),
  };
  return { kind: 'updateRow', phase: 1, table: accounts, row, values };
}
