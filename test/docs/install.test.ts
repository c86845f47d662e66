/** docs/install.md names what the code needs: tables and roles of Dataverse, app roles, the permission set of the companion app. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appRoles } from '../../functions/http/access.ts';
import { possibleMappings, scheduledJobNames } from '../../shared/domain/mappings/catalog.ts';
import { orderIntegrations, ownershipModels } from '../../shared/domain/mappings/variants.ts';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'install.md'), 'utf8');
const rowOf = (table: string) =>
  page.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${table}\``));
const mappings = ownershipModels.flatMap((ownershipModel) =>
  orderIntegrations.flatMap((orderIntegration) => possibleMappings({ ownershipModel, orderIntegration })),
);

describe('docs/install.md', () => {
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
      const [, , read, create, write] = (rowOf(dataverse.table) ?? '').split('|').map((cell) => cell.trim());
      expect([dataverse.table, read, create, write]).toEqual([dataverse.table, 'x', 'x', 'x']);
    }
  });

  it('names the app roles and the permission set', () => {
    for (const role of [...appRoles, 'ItemAvailability.Read']) expect(page).toContain(`\`${role}\``);
    expect(page).toContain('`OS Integration`');
  });

  it('keeps every job of a mapping still until the first dry run', () => {
    const line = /DISABLED_JOBS "([^"]+)"/.exec(page)?.[1] ?? '';
    const known: readonly string[] = scheduledJobNames;
    expect(line.split(',').filter((name) => !known.includes(name))).toEqual([]);
    const jobs = [...new Set(mappings.filter(({ job }) => job !== null).map(({ name }) => String(name)))];
    expect(jobs.filter((name) => !line.split(',').includes(name))).toEqual([]);
  });
});
