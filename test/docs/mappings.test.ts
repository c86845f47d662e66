/** docs/mappings.md is generated from the default mappings; `UPDATE_DOCS=1 npm test -- test/docs` writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MappingDirection } from '../../shared/domain/common/directions.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { possibleMappings } from '../../shared/domain/mappings/catalog.ts';
import {
  businessCentralKey,
  type FieldMapping,
  type TableMapping,
} from '../../shared/domain/mappings/model.ts';

const file = join(import.meta.dirname, '..', '..', 'docs', 'mappings.md');
const idOf = ({ name, direction }: TableMapping) => `${name} ${name === 'SALESORDER-ORDER' ? direction : ''}`;
/** Each mapping once; orders are listed in both their forms, the second under a name that says so. */
const mappings = (['oneWay', 'bidirectional'] as const)
  .flatMap((orderIntegration) => possibleMappings({ ownershipModel: 'person', orderIntegration }))
  .filter((mapping, index, all) => all.findIndex((other) => idOf(other) === idOf(mapping)) === index)
  .map((mapping) => {
    const isSecond = idOf(mapping) === 'SALESORDER-ORDER both';
    return isSecond ? { ...mapping, name: mappingName('SALESORDER-ORDER both ways') } : mapping;
  })
  .toSorted((left, right) => left.order - right.order);
const arrows: Readonly<Record<MappingDirection, string>> = {
  both: 'both ways',
  toDataverse: 'to Sales',
  toBusinessCentral: 'to Business Central',
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

const code = (text: string | null) => (text === null ? '' : `\`${text}\``);

function overview(): string {
  const rows = mappings.map(({ name, businessCentral, dataverse, direction, syncOnlyCoupled, job }) => [
    `[${name}](#${name
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-')})`,
    `${businessCentral.table} - ${dataverse.table}`,
    arrows[direction],
    syncOnlyCoupled ? 'yes' : 'no',
    job ? `${job.frequencyMinutes} / ${job.inactivityTimeoutMinutes}` : 'no job',
  ]);
  return table(['mapping', 'tables', 'direction', 'only coupled', 'minutes: frequency / inactivity'], rows);
}

function fieldRow(mapping: TableMapping, field: FieldMapping): readonly string[] {
  const notes = [
    field.constant === null ? '' : `always ${JSON.stringify(field.constant)}`,
    field.lookup === undefined ? '' : `through ${field.lookup}`,
    field.clearOnFailedSync ? 'blank when not coupled' : '',
    field.notNull ? 'never blanked' : '',
    field.match === null ? '' : `match field, priority ${field.match.priority}`,
    field.enabled ? '' : 'disabled',
  ];
  return [
    code(field.businessCentral && businessCentralKey(mapping, field.businessCentral)),
    code(field.dataverse?.attribute ?? null),
    arrows[field.direction],
    notes.filter((note) => note !== '').join('; '),
  ];
}

function section(mapping: TableMapping): string {
  const { businessCentral, dataverse, dependsOn } = mapping;
  const companions = businessCentral.companions.map(code).join(', ');
  const facts = [
    `- Business Central: ${code(businessCentral.entitySet)}${companions ? ` with ${companions}` : ''}; filter ${code(businessCentral.filter) || 'none'}`,
    `- Sales: ${code(dataverse.table)}; filter ${code(dataverse.filter) || 'none'}`,
    ...(dependsOn.length === 0 ? [] : [`- After: ${dependsOn.join(', ')}`]),
  ];
  const rows = mapping.fields.map((field) => fieldRow(mapping, field));
  const fields = table(['Business Central', 'Sales', 'direction', ''], rows);
  return `## ${mapping.name}\n\n${facts.join('\n')}\n\n${fields}\n`;
}

function page(): string {
  return `# Default table mappings

Generated from shared/domain/mappings/default, in run order. Mappings of unit groups (UNIT GROUP, ITEM UOM, RESOURCE UOM) and of the new price
experience (PLHEADER-PRICE, PLLINE-PRODPRICE) exist where the company is set up so, in place of their classic counterparts; those of orders
where ORDER_INTEGRATION asks for them, one way or both. What an entity rule
does beside the fields stands in the rule's file; [deviations](deviations.md) lists where rules depart from Business Central's own.

${overview()}

${mappings.map(section).join('\n')}`;
}

describe('docs/mappings.md', () => {
  it('tells every default mapping with its fields, filters and job', () => {
    if (process.env['UPDATE_DOCS']) writeFileSync(file, page());
    expect(readFileSync(file, 'utf8')).toBe(page());
  });
});
