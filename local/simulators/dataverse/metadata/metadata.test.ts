import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, startClient, stopAll } from '../testing/client.ts';

let client: Client;

beforeEach(async () => {
  client = await startClient();
});
afterEach(stopAll);

const account = "EntityDefinitions(LogicalName='account')";
const terms = "Attributes(LogicalName='paymenttermscode')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata";

describe('service documents (dataverse-web-api section 1)', () => {
  it('list the sets and describe them', async () => {
    const sets = (await client.get('')).value.map((entry) => entry['name']);
    expect(sets).toContain('accounts');
    const metadata = await client.get('$metadata');
    expect(metadata.headers.get('Content-Type')).toBe('application/xml');
    expect(metadata.text).toContain(
      '<EntitySet Name="accounts" EntityType="Microsoft.Dynamics.CRM.account">',
    );
    expect(metadata.text).toContain(
      '<NavigationProperty Name="parentcustomerid_account" Type="mscrm.account"',
    );
  });

  it('are served under the older versions too', async () => {
    const answer = await client.get(`${client.simulator.url}/api/data/v9.0/WhoAmI`);
    expect(answer.json).toHaveProperty('OrganizationId');
    expect((await client.get(`${client.simulator.url}/api/data/v8.0/WhoAmI`)).status).toBe(404);
  });
});

describe('functions (dataverse-web-api section 18)', () => {
  it('tell who is calling, the version, the organisation and row counts', async () => {
    const who = (await client.get('WhoAmI()')).json;
    expect(client.simulator.row('systemuser', String(who['UserId']))?.['accessmode']).toBe(4);
    expect((await client.get('RetrieveVersion()')).json['Version']).toMatch(/^9\.2\./);
    const detail = (
      await client.get(
        "RetrieveCurrentOrganization(AccessType=Microsoft.Dynamics.CRM.EndpointAccessType'Default')",
      )
    ).json['Detail'];
    expect(detail).toMatchObject({ OrganizationId: who['OrganizationId'], State: 'Enabled' });
    const counts = (await client.get("RetrieveTotalRecordCount(EntityNames=['systemuser','account'])")).json;
    expect(counts['EntityRecordCountCollection']).toMatchObject({
      Keys: ['systemuser', 'account'],
      Values: [2, 0],
    });
  });
});

describe('table definitions', () => {
  it('are found by name and by filter, trimmed by $select', async () => {
    const select =
      '$select=LogicalName,EntitySetName,PrimaryIdAttribute,ChangeTrackingEnabled,IsOptimisticConcurrencyEnabled,ObjectTypeCode';
    expect((await client.get(`${account}?${select}`)).json).toMatchObject({
      LogicalName: 'account',
      EntitySetName: 'accounts',
      PrimaryIdAttribute: 'accountid',
      ChangeTrackingEnabled: true,
      IsOptimisticConcurrencyEnabled: true,
      ObjectTypeCode: 1,
    });
    const tracked = await client.get(
      'EntityDefinitions?$select=LogicalName&$filter=ChangeTrackingEnabled eq true and CanChangeTrackingBeEnabled/Value eq true',
    );
    expect(tracked.value.map((row) => row['LogicalName'])).toContain('contact');
    expect(tracked.value.map((row) => row['LogicalName'])).not.toContain('pricelevel');
    expect((await client.get("EntityDefinitions(LogicalName='nothing')")).status).toBe(404);
    expect((await client.get(`${account}?$select=Nothing`)).status).toBe(400);
  });

  it('expand columns, keys and relationships', async () => {
    const { json } = await client.get(
      `${account}?$select=LogicalName&$expand=Attributes($select=LogicalName,AttributeType;$filter=LogicalName eq 'name'),Keys,ManyToOneRelationships($select=ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName)`,
    );
    expect(json['Attributes']).toMatchObject([{ LogicalName: 'name', AttributeType: 'String' }]);
    expect(json['Keys']).toEqual([]);
    expect(json['ManyToOneRelationships']).toContainEqual(
      expect.objectContaining({
        ReferencingAttribute: 'bcbi_companyid',
        ReferencedEntity: 'bcbi_company',
        ReferencingEntityNavigationPropertyName: 'bcbi_CompanyId',
      }),
    );
  });

  it('list typed columns with their details', async () => {
    const texts = await client.get(
      `${account}/Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=LogicalName,MaxLength`,
    );
    expect(texts.value).toContainEqual(expect.objectContaining({ LogicalName: 'name', MaxLength: 160 }));
    const filtered = await client.get(
      `${account}/Attributes?$select=LogicalName&$filter=AttributeType eq Microsoft.Dynamics.CRM.AttributeTypeCode'State'`,
    );
    expect(filtered.value.map((row) => row['LogicalName'])).toEqual(['statecode']);
    const relations = await client.get(`${account}/ManyToOneRelationships?$select=ReferencingAttribute`);
    expect(relations.value.map((row) => row['ReferencingAttribute'])).toContain('primarycontactid');
  });

  it('show states and statuses', async () => {
    const path = `${account}/Attributes/Microsoft.Dynamics.CRM.StatusAttributeMetadata?$select=LogicalName&$expand=OptionSet`;
    const [status] = (await client.get(path)).value;
    expect(status?.['OptionSet']).toMatchObject({
      Options: [
        { Value: 1, State: 0 },
        { Value: 2, State: 1 },
      ],
    });
  });

  it('show shared choices', async () => {
    const { json } = await client.get("GlobalOptionSetDefinitions(Name='industrycode')");
    expect((json['Options'] as unknown[]).length).toBe(33);
  });
});

describe('option actions', () => {
  const label = (text: string) => ({ LocalizedLabels: [{ Label: text, LanguageCode: 1033 }] });
  const options = async () => {
    const { json } = await client.get(
      `${account}/${terms}?$select=LogicalName&$expand=OptionSet($select=Options)`,
    );
    const set = json['OptionSet'] as {
      Options: { Value: number; Label: { UserLocalizedLabel: { Label: string } } }[];
    };
    return set.Options.map((option) => [option.Value, option.Label.UserLocalizedLabel.Label]);
  };
  const target = { EntityLogicalName: 'account', AttributeLogicalName: 'paymenttermscode' };

  it('add, rename and remove options, and the new value can be used at once', async () => {
    const first = await client.send('POST', 'InsertOptionValue', { ...target, Label: label('Net 8') });
    expect(first.json['NewOptionValue']).toBe(100_000_000);
    const second = await client.send('POST', 'InsertOptionValue', {
      ...target,
      Label: label('Net 9'),
      Value: 9,
    });
    expect(second.json['NewOptionValue']).toBe(9);
    expect(
      (await client.send('POST', 'InsertOptionValue', { ...target, Label: label('x'), Value: 9 })).status,
    ).toBe(400);
    await client.create('accounts', { name: 'A', paymenttermscode: 9 });
    const rename = { ...target, Label: label('Net nine'), Value: 9, MergeLabels: true };
    expect((await client.send('POST', 'UpdateOptionValue', rename)).status).toBe(204);
    expect((await client.send('POST', 'DeleteOptionValue', { ...target, Value: 100_000_000 })).status).toBe(
      204,
    );
    expect(await options()).toContainEqual([9, 'Net nine']);
    expect((await options()).length).toBe(5);
  });

  it('are published by table, and unknown tables are refused', async () => {
    const publish = (entity: string) =>
      client.send('POST', 'PublishXml', {
        ParameterXml: `<importexportxml><entities><entity>${entity}</entity></entities></importexportxml>`,
      });
    expect((await publish('account')).status).toBe(204);
    expect((await publish('nope')).status).toBe(404);
    expect((await client.send('POST', 'PublishXml', { ParameterXml: '<x/>' })).status).toBe(400);
  });

  it('refuse unknown columns, columns without choices and incomplete calls', async () => {
    const wrong = { EntityLogicalName: 'account', AttributeLogicalName: 'nope', Label: label('x') };
    expect((await client.send('POST', 'InsertOptionValue', wrong)).status).toBe(404);
    const text = { EntityLogicalName: 'account', AttributeLogicalName: 'name', Label: label('x') };
    expect((await client.send('POST', 'InsertOptionValue', text)).status).toBe(400);
    expect((await client.send('POST', 'InsertOptionValue', target)).status).toBe(400);
    expect((await client.send('POST', 'DeleteOptionValue', { ...target, Value: 77 })).status).toBe(404);
    const german = { LocalizedLabels: [{ Label: 'Netto 30', LanguageCode: 1031 }] };
    expect((await client.send('POST', 'InsertOptionValue', { ...target, Label: german })).status).toBe(400);
    const unmerged = { ...target, Label: label('Net 31'), Value: 1 };
    expect((await client.send('POST', 'UpdateOptionValue', unmerged)).status).toBe(400);
  });
});
