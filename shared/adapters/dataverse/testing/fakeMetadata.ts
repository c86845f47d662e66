/** Metadata of a few tables, as EntityDefinitions answers it (dataverse-web-api section 18). */
import type { FakeAnswer } from './fakeDataverse.ts';

interface FakeTable {
  readonly set: string;
  readonly id: string;
  readonly name: string;
  readonly tracked: boolean;
  /** Column -> type. */
  readonly columns: Readonly<Record<string, string>>;
  readonly texts?: Readonly<Record<string, number>>;
  readonly memos?: Readonly<Record<string, number>>;
  /** Column, target table, navigation property. */
  readonly lookups?: readonly (readonly [string, string, string])[];
}

const stamps = { modifiedon: 'DateTime', modifiedby: 'Lookup' } as const;

const tables: Readonly<Record<string, FakeTable>> = {
  account: {
    set: 'accounts',
    id: 'accountid',
    name: 'name',
    tracked: true,
    columns: {
      accountid: 'Uniqueidentifier',
      name: 'String',
      accountnumber: 'String',
      description: 'Memo',
      revenue: 'Money',
      statecode: 'State',
      donotemail: 'Boolean',
      lastonholdtime: 'DateTime',
      primarycontactid: 'Lookup',
      primarycontactidname: 'String',
      ownerid: 'Owner',
      owneridtype: 'EntityName',
      bcbi_companyid: 'Lookup',
      ...stamps,
    },
    texts: { name: 160, accountnumber: 20, primarycontactidname: 160 },
    memos: { description: 2000 },
    lookups: [
      ['primarycontactid', 'contact', 'primarycontactid'],
      ['ownerid', 'owner', 'ownerid'],
      ['bcbi_companyid', 'bcbi_company', 'bcbi_CompanyId'],
      ['modifiedby', 'systemuser', 'modifiedby'],
    ],
  },
  salesorder: {
    set: 'salesorders',
    id: 'salesorderid',
    name: 'name',
    tracked: false,
    columns: { salesorderid: 'Uniqueidentifier', name: 'String', customerid: 'Customer', ...stamps },
    lookups: [
      ['customerid', 'account', 'customerid_account'],
      ['customerid', 'contact', 'customerid_contact'],
    ],
  },
  contact: plain('contacts', 'contactid', 'fullname'),
  systemuser: plain('systemusers', 'systemuserid', 'fullname'),
  team: plain('teams', 'teamid', 'name'),
  bcbi_company: plain('bcbi_companies', 'bcbi_companyid', 'bcbi_name'),
  nav_setting: plain('nav_settings', 'nav_settingid', 'nav_name'),
};

function plain(set: string, id: string, name: string): FakeTable {
  return { set, id, name, tracked: false, columns: { [id]: 'Uniqueidentifier', [name]: 'String' } };
}

/** The answer to one metadata request; 404 for tables there are not. */
export function answerMetadata(target: string): FakeAnswer {
  const [, logicalName = '', segment = ''] =
    /^EntityDefinitions\(LogicalName='(\w+)'\)([^?]*)/.exec(target) ?? [];
  const table = tables[logicalName];
  if (!table) return { status: 404, body: { error: { code: '0x80060888', message: 'no such table' } } };
  return { status: 200, body: segmentBody(logicalName, table, segment) };
}

function segmentBody(logicalName: string, table: FakeTable, segment: string): object {
  if (segment === '/Attributes') return { value: Object.entries(table.columns).map(attributeBody) };
  if (segment.endsWith('StringAttributeMetadata')) return { value: lengths(table.texts) };
  if (segment.endsWith('MemoAttributeMetadata')) return { value: lengths(table.memos) };
  if (segment === '/ManyToOneRelationships') return { value: (table.lookups ?? []).map(relationshipBody) };
  return {
    LogicalName: logicalName,
    EntitySetName: table.set,
    PrimaryIdAttribute: table.id,
    PrimaryNameAttribute: table.name,
    ChangeTrackingEnabled: table.tracked,
  };
}

function attributeBody([LogicalName, AttributeType]: readonly [string, string]): object {
  return {
    LogicalName,
    AttributeType,
    IsValidForCreate: true,
    IsValidForUpdate: !LogicalName.endsWith('on'),
  };
}

function lengths(columns: Readonly<Record<string, number>> = {}): readonly object[] {
  return Object.entries(columns).map(([LogicalName, MaxLength]) => ({ LogicalName, MaxLength }));
}

function relationshipBody([column, target, navigation]: readonly [string, string, string]): object {
  return {
    ReferencingAttribute: column,
    ReferencedEntity: target,
    ReferencingEntityNavigationPropertyName: navigation,
  };
}
