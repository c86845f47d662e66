/** Identity, metadata, caching and metering. */
import { describe, expect, it } from 'vitest';
import { RequestMeter } from '../../ports/requestMeter.ts';
import { errorAnswer, failureOf, fakeDataverse, testId } from './testing/fakeDataverse.ts';

const silent = { answer: () => errorAnswer(500, '') };

describe('table', () => {
  it('reads set, key, columns, lengths and navigation of a table in one request', async () => {
    const { dataverse, meter } = fakeDataverse(silent);
    const account = await dataverse.table('account');
    expect(meter.sent).toBe(1);
    expect(account).toMatchObject({
      logicalName: 'account',
      entitySet: 'accounts',
      idAttribute: 'accountid',
      nameAttribute: 'name',
      changeTrackingEnabled: true,
    });
    expect(account.attributes['accountnumber']).toEqual({
      logicalName: 'accountnumber',
      type: 'String',
      maxLength: 20,
      validForCreate: true,
      validForUpdate: true,
      navigation: {},
    });
    expect(account.attributes['description']?.maxLength).toBe(2000);
    expect(account.attributes['bcbi_companyid']?.navigation).toEqual({ bcbi_company: 'bcbi_CompanyId' });
    expect(account.attributes['ownerid']?.navigation).toEqual({ systemuser: 'ownerid', team: 'ownerid' });
  });

  it('knows every navigation property of a polymorphic lookup (section 8)', async () => {
    const order = await fakeDataverse(silent).dataverse.table('salesorder');
    expect(order.attributes['customerid']?.navigation).toEqual({
      account: 'customerid_account',
      contact: 'customerid_contact',
    });
  });

  it('leaves out label columns of lookups, which the Web API does not serve (section 5)', async () => {
    const { attributes } = await fakeDataverse(silent).dataverse.table('account');
    expect(Object.keys(attributes)).not.toContain('primarycontactidname');
    expect(Object.keys(attributes)).not.toContain('owneridtype');
  });

  it('asks once for callers at the same time and again after a day', async () => {
    const { dataverse, clock, metadataRequests } = fakeDataverse(silent);
    await Promise.all([dataverse.table('account'), dataverse.table('account')]);
    await dataverse.metered(new RequestMeter()).table('account');
    expect(metadataRequests()).toBe(1);
    clock.nowMs += 24 * 60 * 60 * 1_000;
    await dataverse.table('account');
    expect(metadataRequests()).toBe(2);
  });

  it('says table-not-found for a table there is not, and asks again the next time', async () => {
    const { dataverse, metadataRequests } = fakeDataverse(silent);
    const failure = await failureOf(dataverse.table('nav_missing'));
    expect(failure).toMatchObject({ kind: 'config', code: 'table-not-found' });
    await failureOf(dataverse.table('nav_missing'));
    expect(metadataRequests()).toBe(2);
  });
});

describe('whoAmI', () => {
  it('tells user and organisation, once', async () => {
    const body = { UserId: testId(1).toUpperCase(), OrganizationId: testId(2), BusinessUnitId: testId(3) };
    const { dataverse, requests } = fakeDataverse({ answer: () => ({ status: 200, body }) });
    expect(await dataverse.whoAmI()).toEqual({ userId: testId(1), organizationId: testId(2) });
    await dataverse.whoAmI();
    expect(requests.map((request) => request.target)).toEqual(['WhoAmI']);
    expect(requests[0]?.headers).toMatchObject({
      accept: 'application/json',
      'odata-version': '4.0',
      'odata-maxversion': '4.0',
      'if-none-match': 'null',
    });
  });

  it('says connection-failed with the kind of the cause', async () => {
    const { dataverse } = fakeDataverse({ answer: () => errorAnswer(403, '0x80040220', 'no privilege') });
    const failure = await failureOf(dataverse.whoAmI());
    expect(failure).toMatchObject({ kind: 'permission', code: 'connection-failed' });
    expect(failure.message).toContain('no privilege');
  });

  it('says connection-failed for an answer that is none of Dataverse', async () => {
    const { dataverse } = fakeDataverse({ answer: () => ({ status: 200, body: '<html></html>' }) });
    expect(await failureOf(dataverse.whoAmI())).toMatchObject({
      kind: 'transient',
      code: 'connection-failed',
    });
  });
});

describe('metered', () => {
  it('counts the requests of one twin only', async () => {
    const { dataverse, meter } = fakeDataverse({ answer: () => ({ status: 200, body: { value: [] } }) });
    const own = new RequestMeter();
    await dataverse.metered(own).readRows({ table: 'account', attributes: [] }, null);
    expect(own.sent).toBe(2);
    expect(meter.sent).toBe(0);
  });
});
