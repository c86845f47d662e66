import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadDemoDataverseData } from './demoData.ts';
import { startClient, stopAll } from './testing/client.ts';

afterEach(stopAll);

const folder = join(import.meta.dirname, '..', '..', 'data', 'dataverse');

describe('the demo data', () => {
  it('loads and is served with the counts its README names', async () => {
    const client = await startClient({ data: loadDemoDataverseData(folder) });
    const counts: Record<string, string> = {};
    for (const set of [
      'accounts',
      'contacts',
      'systemusers',
      'salesorders',
      'salesorderdetails',
      'products',
    ]) {
      counts[set] = (await client.get(`${set}/$count`)).text;
    }
    expect(counts).toEqual({
      accounts: '15',
      contacts: '20',
      systemusers: '15',
      salesorders: '2',
      salesorderdetails: '5',
      products: '6',
    });
  });

  it('holds the salespeople and customers the default filters expect', async () => {
    const client = await startClient({ data: loadDemoDataverseData(folder) });
    const sellers = await client.get(
      'systemusers?$filter=isdisabled eq false and islicensed eq true and isintegrationuser eq false',
    );
    const customers = await client.get('accounts?$filter=customertypecode eq 3 and statecode eq 0');
    expect([sellers.value.length, customers.value.length]).toEqual([12, 11]);
  });

  it('keeps the row versions of the files as etags', async () => {
    const data = loadDemoDataverseData(folder);
    const client = await startClient({ data });
    const stored = data.tables.find((table) => table.logicalName === 'account')?.rows[0];
    const answer = await client.get(`accounts(${stored?.['accountid']})?$select=name`);
    expect(answer.json['@odata.etag']).toBe(`W/"${stored?.['versionnumber']}"`);
  });

  it('says in one line each which file is wrong and how', () => {
    const broken = mkdtempSync(join(tmpdir(), 'dataverse-demo-'));
    try {
      writeFileSync(join(broken, 'accounts.json'), '{"entitySet":"accounts"');
      writeFileSync(
        join(broken, 'contacts.json'),
        JSON.stringify({
          entitySet: 'contacts',
          logicalName: 'contact',
          value: [{ contactid: 'c', versionnumber: 1, nickname2: 'x' }],
        }),
      );
      writeFileSync(join(broken, 'things.json'), '{"entitySet":"things","logicalName":"thing","value":[]}');
      const problems = errorOf(() => loadDemoDataverseData(broken)).split('\n');
      expect(problems).toHaveLength(4);
      expect(problems[0]).toMatch(/^accounts\.json: /);
      expect(problems[1]).toBe("contacts.json: row 1: 'contact' has no property 'nickname2'");
      expect(problems[2]).toMatch(/^things\.json: there is no table 'thing'/);
      expect(problems[3]).toBe('organizations.json: exactly one organization row is needed');
    } finally {
      rmSync(broken, { recursive: true });
    }
  });
});

function errorOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
}
