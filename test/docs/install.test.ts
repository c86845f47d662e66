/** docs/install.md names what the code needs: tables and roles of Dataverse, app roles, the permission set of the companion app. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appRoles } from '../../functions/http/access.ts';
import { rightsByTable } from '../../shared/domain/connection/tableRights.ts';
import { possibleMappings, scheduledJobNames } from '../../shared/domain/mappings/catalog.ts';
import { orderIntegrations, ownershipModels } from '../../shared/domain/mappings/variants.ts';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'install.md'), 'utf8');
const rowOf = (table: string) => page.split('\n').find((line) => line.startsWith(`| \`${table}\``));
const cellsOf = (table: string) => (rowOf(table) ?? '').split('|').map((cell) => cell.trim());
const mappings = ownershipModels.flatMap((ownershipModel) =>
  orderIntegrations.flatMap((orderIntegration) => possibleMappings({ ownershipModel, orderIntegration })),
);

describe('docs/install.md', () => {
  it('tells every variable that a deployment with azd reads', () => {
    const read = (...path: readonly string[]) => readFileSync(join(root, 'infra', ...path), 'utf8');
    const asked = [
      ...read('main.bicepparam').matchAll(/readEnvironmentVariable\('(\w+)'/g),
      ...read('hooks', 'registerApplication.mjs').matchAll(/^const \{.*\b(SIGN_IN)\b/gm),
    ].map(([, name = '']) => name);
    const settings = readFileSync(join(root, 'docs', 'settings.md'), 'utf8');
    const ofAzd = ['AZURE_ENV_NAME'];
    const untold = asked.filter((name) => !page.includes(name) && !settings.includes(`\`${name}\``));
    expect(asked.length).toBeGreaterThan(20);
    expect(untold.filter((name) => !ofAzd.includes(name))).toEqual([]);
  });

  it('names the outputs of the deployment that its steps use', () => {
    const main = readFileSync(join(root, 'infra', 'main.bicep'), 'utf8');
    const outputs = [...main.matchAll(/^output (\w+)/gm)].map(([, name = '']) => name);
    const used = [...page.matchAll(/<([A-Z]+(?:_[A-Z]+)+)>/g)].map(([, name = '']) => name);
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((name) => !outputs.includes(name) && name !== 'AUTHENTICATION_CLIENT_ID')).toEqual([]);
  });

  it('gives every table of Dataverse that a mapping uses its privileges', () => {
    const tables = [
      ...new Set(mappings.filter(({ kind }) => kind === 'table').map(({ dataverse }) => dataverse.table)),
    ];
    expect(tables.length).toBeGreaterThan(8);
    expect(tables.filter((table) => rowOf(table) === undefined)).toEqual([]);
  });

  it('gives the right to create and change where a mapping writes', () => {
    const written = mappings.filter(
      ({ kind, direction }) => kind === 'table' && direction !== 'toBusinessCentral',
    );
    for (const { dataverse } of written) {
      const [, , , read, create, write] = cellsOf(dataverse.table);
      expect([dataverse.table, read, create, write]).toEqual([dataverse.table, 'x', 'x', 'x']);
    }
  });

  it('gives every right that a test of the connection asks for', () => {
    const columns = ['Read', 'Create', 'Write', 'Delete', 'Append', 'Assign'];
    for (const [table, rights] of Object.entries(rightsByTable())) {
      const cells = cellsOf(table).slice(3);
      const shown = rights.map((right) => (right === 'AppendTo' ? 'Append' : right));
      // Rows without an owner cannot be assigned, so that their column is empty.
      const missing = shown.filter((right) => right !== 'Assign' && cells[columns.indexOf(right)] !== 'x');
      expect([table, missing]).toEqual([table, []]);
    }
  });

  it('names tables that there are, and no other', () => {
    const named = [...page.matchAll(/^\| `([a-z_]+)`[^|]*\|[^|]*\| x \|/gm)].map(([, table = '']) => table);
    expect(named.toSorted()).toEqual(Object.keys(rightsByTable()).toSorted());
  });

  it('names the app roles and the permission set', () => {
    for (const role of [...appRoles, 'ItemAvailability.Read']) expect(page).toContain(`\`${role}\``);
    expect(page).toContain('`OS Integration`');
  });

  it('keeps every job still until the first dry run', () => {
    const line = /DISABLED_JOBS "([^"]+)"/.exec(page)?.[1] ?? '';
    expect(line.split(',').toSorted()).toEqual([...scheduledJobNames].toSorted());
  });
});
