/** The adapter against the demo data: every table can be read with all its columns. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// biome-ignore lint/style/noRestrictedImports: this test is where the adapter meets the simulator.
import { loadDemoDataverseData } from '../../../local/simulators/dataverse/demoData.ts';
import {
  type RunningDataverseSimulator,
  startDataverseSimulator,
  // biome-ignore lint/style/noRestrictedImports: this test is where the adapter meets the simulator.
} from '../../../local/simulators/dataverse/simulator.ts';
import type { Dataverse } from '../../ports/dataverse.ts';
import { staticToken } from '../http/tokens.ts';
import { createDataverse } from './dataverse.ts';
import { createDataverseTransport } from './dataverseTransport.ts';

const folder = fileURLToPath(new URL('../../../local/data/dataverse', import.meta.url));
const tables = [
  'account',
  'contact',
  'systemuser',
  'team',
  'businessunit',
  'transactioncurrency',
  'uomschedule',
  'uom',
  'product',
  'pricelevel',
  'productpricelevel',
  'opportunity',
  'quote',
  'quotedetail',
  'salesorder',
  'salesorderdetail',
  'invoice',
  'annotation',
  'organization',
  'nav_accountstatistics',
  'bcbi_company',
] as const;

let simulator: RunningDataverseSimulator;
let dataverse: Dataverse;
const warnings: string[] = [];

beforeAll(async () => {
  simulator = await startDataverseSimulator({ data: loadDemoDataverseData(folder) });
  const baseUrl = simulator.url;
  const transport = createDataverseTransport({
    baseUrl,
    tokens: staticToken('integration'),
    concurrency: 4,
    retry: { attempts: 1, initialDelayMs: 1, factor: 2, capMs: 4, jitter: 0 },
    now: () => simulator.clock.now(),
    sleep: (ms) => simulator.clock.advance(ms),
    random: () => 0,
    log: () => undefined,
  });
  const log = (_level: string, event: string) => warnings.push(event);
  dataverse = createDataverse({ baseUrl, transport, now: () => simulator.clock.now(), log });
});
afterAll(() => simulator.close());

describe('the demo data', () => {
  it.each(tables)('of %s can be read whole, with all columns, changes and back by id', async (table) => {
    const { attributes } = await dataverse.table(table);
    const selection = { table, attributes: Object.keys(attributes) };
    const page = await dataverse.readChanges({ selection, position: null });
    expect(page.next).toBeNull();
    expect(page.rows).toHaveLength(simulator.rows(table).length);
    const again = await dataverse.readByIds(
      selection,
      page.rows.map((row) => row.id),
    );
    expect(new Set(again)).toEqual(new Set(page.rows));
    const idle = await dataverse.readChanges({ selection, position: page.end });
    expect(idle.deletedIds).toEqual([]);
    expect(warnings).toEqual([]);
  });
});
