/** Customers, contacts, items and opportunities behave as their tables do. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, type TestService } from '../testSupport.ts';
import { splitName } from './contacts.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.simulator.close());
const any = { 'If-Match': '*' };

describe('customers', () => {
  it('get a company contact and a business relation, which follow them', async () => {
    const customer = (await service.standard('POST', 'customers', { displayName: 'Fresh Ltd.', city: 'Ely' }))
      .body;
    const [contact] = await service.list(`customers(${customer.id})/contactsInformation`);
    expect(contact).toMatchObject({ contactName: 'Fresh Ltd.', contactType: 'Company' });
    const extra = (await service.companion('GET', `contactExtras(${contact.contactId})`)).body;
    expect(extra).toMatchObject({ customerNumber: customer.number, customerId: customer.id });
    const relations = await service.companion(
      'GET',
      `contactBusinessRelations?$filter=contactNumber eq '${contact.contactNumber}'`,
    );
    expect(relations.body.value[0]).toMatchObject({ linkToTable: 'Customer', number: customer.number });
    await service.standard('PATCH', `customers(${customer.id})`, { city: 'York', number: 'FRESH' }, any);
    expect((await service.standard('GET', `contacts(${contact.contactId})`)).body.city).toBe('York');
    expect((await service.companion('GET', `contactExtras(${contact.contactId})`)).body.customerNumber).toBe(
      'FRESH',
    );
    await service.standard('DELETE', `customers(${customer.id})`, undefined, any);
    expect(
      (await service.standard('GET', `contacts(${contact.contactId})`)).body.contactBusinessRelation,
    ).toBe('None');
  });

  it('accept only a primary contact of their own company and show its name', async () => {
    const [customer] = await service.list("customers?$filter=number eq '20000'");
    const path = `customerExtras(${customer.id})`;
    const strange = await service.companion('PATCH', path, { primaryContactNumber: 'CT000002' }, any);
    expect(strange.body.error.code).toBe('Application_DialogException');
    service.simulator.edit('customerExtras', customer.id, { primaryContactNumber: '', contact: '' });
    const own = await service.companion('PATCH', path, { primaryContactNumber: 'CT000004' }, any);
    expect(own.body.contact).toBe('Helen Ray');
  });
});

describe('contacts', () => {
  it('split the name of a person and put it together again', async () => {
    const created = await service.standard('POST', 'contacts', {
      type: 'Person',
      displayName: 'Ann Mary Lee',
      companyNumber: 'CT000001',
    });
    expect(created.body).toMatchObject({
      companyName: 'Adatum Corporation',
      contactBusinessRelation: 'Customer',
    });
    const path = `contactExtras(${created.body.id})`;
    const extra = await service.companion('GET', path);
    expect(extra.body).toMatchObject({
      firstName: 'Ann',
      middleName: 'Mary',
      surname: 'Lee',
      customerNumber: '10000',
    });
    await service.companion('PATCH', path, { firstName: 'Jo', middleName: '', salutationCode: 'F' }, any);
    const renamed = await service.standard('GET', `contacts(${created.body.id})`);
    expect(renamed.body).toMatchObject({ displayName: 'Jo Lee', searchName: 'JO LEE' });
  });

  it('take the last word as surname and the one before as middle name', () => {
    expect(splitName('Cher')).toEqual({ first: 'Cher', middle: '', surname: '' });
    expect(splitName('Jo Lee')).toEqual({ first: 'Jo', middle: '', surname: 'Lee' });
    expect(splitName('A B C D')).toEqual({ first: 'A B', middle: 'C', surname: 'D' });
  });

  it('refuse a person or an unknown contact as company', async () => {
    const person = { type: 'Person', displayName: 'X', companyNumber: 'CT000002' };
    expect((await service.standard('POST', 'contacts', person)).status).toBe(400);
    const unknown = await service.standard('POST', 'contacts', { ...person, companyNumber: 'NOPE' });
    expect(unknown.body.error.code).toBe('Internal_InvalidTableRelation');
  });
});

describe('items and resources', () => {
  it('come with base unit and unit group, and refuse inventory at creation', async () => {
    const body = { number: 'IT-1', displayName: 'Thing', baseUnitOfMeasureCode: 'PCS', inventory: 5 };
    const refused = await service.standard('POST', 'items', body);
    expect(refused.body.error.code).toBe('Application_DialogException');
    const item = (await service.standard('POST', 'items', { ...body, inventory: 0 })).body;
    const units = await service.companion('GET', "itemUnitsOfMeasure?$filter=itemNumber eq 'IT-1'");
    expect(units.body.value[0]).toMatchObject({ code: 'PCS', quantityPerUnitOfMeasure: 1 });
    const groups = await service.companion('GET', `unitGroups?$filter=sourceId eq ${item.id}`);
    expect(groups.body.value).toHaveLength(1);
    const stock = await service.standard('PATCH', `items(${item.id})`, { inventory: 7 }, any);
    expect(stock.body).toMatchObject({ inventory: 7, lastModifiedDateTime: item.lastModifiedDateTime });
  });

  it('let a resource be created, and later only renamed and blocked', async () => {
    const body = { number: 'RES1', name: 'Lift', baseUnitOfMeasureCode: 'HOUR', unitPrice: 5 };
    const created = await service.companion('POST', 'resources', body);
    expect([created.status, created.body.unitPrice]).toEqual([201, 5]);
    const path = `resources(${created.body.id})`;
    expect((await service.companion('PATCH', path, { name: 'Crane', blocked: true }, any)).body.name).toBe(
      'Crane',
    );
    expect((await service.companion('PATCH', path, { unitPrice: 6 }, any)).status).toBe(400);
  });
});

describe('opportunities', () => {
  it('lock contact and salesperson once won or lost', async () => {
    const [won] = await service.list("opportunities?$filter=status eq 'Won'");
    const path = `opportunities(${won.id})`;
    expect((await service.standard('PATCH', path, { salespersonCode: 'EH' }, any)).status).toBe(400);
    expect((await service.standard('PATCH', path, { description: 'Still open to text' }, any)).status).toBe(
      200,
    );
    const created = await service.standard('POST', 'opportunities', {
      contactNumber: 'CT000002',
      description: 'D',
    });
    expect(created.body).toMatchObject({
      contactName: 'Robert Townes',
      contactCompanyName: 'Adatum Corporation',
    });
  });
});
