/** Facts about products and price lists as they are in Sales. */
import { dataverseId } from '../../domain/common/ids.ts';
import type { DataverseRow } from '../../domain/common/records.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import type { Lookups, Reference } from '../../domain/sync/lookups.ts';
import { asCode, canonicalText } from '../../domain/sync/values.ts';
import type { RunScope } from './runScope.ts';

/** Units of products on their way to Business Central, and which products share a unit group (E-94, unit-group mode). */
export async function gatherProductUnits(
  { ports }: RunScope,
  products: readonly DataverseRow[],
  context: RuleContext,
): Promise<RuleContext> {
  const valuesOf = (name: string) =>
    [...new Set(products.map(({ values }) => canonicalText(values[name])))].filter((value) => value !== '');
  const [units, sharing] = await Promise.all([
    ports.dataverse.readByIds(
      { table: 'uom', attributes: ['name'] },
      valuesOf('defaultuomid').map((id) => dataverseId(id)),
    ),
    ports.dataverse.readByValues(
      { table: 'product', attributes: ['defaultuomscheduleid'] },
      'defaultuomscheduleid',
      valuesOf('defaultuomscheduleid'),
    ),
  ]);
  const groups = sharing.map(({ values }) => canonicalText(values['defaultuomscheduleid']));
  return {
    ...context,
    unitNames: new Map(units.map(({ id, values }) => [id, asCode(canonicalText(values['name']))])),
    sharedUnitGroups: new Set(groups.filter((group, index) => groups.indexOf(group) !== index)),
  };
}

/** The currency of each list in Sales that the page's prices belong to. */
export async function readListCurrencies(
  { ports, mapping }: RunScope,
  references: readonly Reference[],
  lookups: Lookups,
): Promise<RuleContext['listCurrencies']> {
  const listMapping = mapping.fields.find(({ id }) => id === 'pricelevelid')?.lookup;
  const lists = references
    .filter((reference) => reference.mapping === listMapping)
    .map((reference) => lookups.find(reference))
    .flatMap((answer) => (answer.status === 'coupled' ? dataverseId(answer.id) : []));
  const selection = { table: 'pricelevel', attributes: ['transactioncurrencyid'] };
  const rows = lists.length === 0 ? [] : await ports.dataverse.readByIds(selection, [...new Set(lists)]);
  return new Map(rows.map(({ id, values }) => [id, canonicalText(values['transactioncurrencyid'])]));
}
