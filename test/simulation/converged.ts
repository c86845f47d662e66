/** Whether both sides agree in the end: by the report of the app, and by looking at what users typed. */
import { reconcile } from '../../shared/app/queries/reconcile.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import type { World } from '../engine/world.ts';
import type { Edit } from './edits.ts';
import type { Stretch } from './week.ts';

const page = { top: 1000, continuation: null };

/** The name of a primary contact that the app set itself: such a write does not count as a change (E-46). */
const followingName = 'address1_primarycontactname';

/** Fields that the reconciliation report does not call equal, and pairs it cannot compare. */
export async function differences({
  world,
  host,
}: Pick<Stretch, 'world' | 'host'>): Promise<readonly string[]> {
  const { mappings } = await host.composition.open();
  const found: string[] = [];
  for (const { name } of mappings) {
    const report = await reconcile(world.ports, mappings, findMapping(mappings, name), {
      top: 1000,
      isOutOfTime: () => false,
    });
    for (const { name: record, missing, code, fields } of report.differences) {
      if (missing !== null || code !== null) found.push(`${name} ${record}: ${missing ?? code}`);
      for (const { attribute } of fields)
        if (attribute !== followingName) found.push(`${name} ${record} ${attribute}`);
    }
  }
  return found;
}

/** Values users typed that are not what both sides show now; later edits of the same field replace earlier ones. */
export async function notArrived({ world, edits }: Stretch): Promise<readonly string[]> {
  const last = new Map<string, Edit>();
  for (const edit of edits)
    if (edit.arrives) last.set(`${edit.side} ${edit.of} ${edit.id} ${edit.arrives.property}`, edit);
  const found = await Promise.all(
    [...last].map(async ([what, edit]) => [what, await shown(world, edit)] as const),
  );
  return found.filter(([, { isSame }]) => !isSame).map(([what, { text }]) => `${what}: ${text}`);
}

async function shown({ ports, businessCentral, dataverse, mappings }: World, edit: Edit) {
  const { arrives, side, id, values } = edit;
  if (arrives === null) return { isSame: true, text: '' };
  const mapping = findMapping(mappings, mappingName(arrives.mapping));
  const { rows } = await ports.couplings.list({ mapping: mapping.name }, page);
  const coupling = rows.find(
    (row) => (side === 'dataverse' ? row.dataverseId : row.businessCentralId) === id,
  );
  const record = businessCentral.record(mapping.businessCentral.entitySet, coupling?.businessCentralId ?? '');
  const idAttribute = mapping.dataverse.idAttribute;
  const row = dataverse
    .rows(mapping.dataverse.table)
    .find((one) => one[idAttribute] === coupling?.dataverseId);
  const [typed] = Object.values(values);
  const both = [record?.[arrives.property], row?.[arrives.attribute]];
  return { isSame: both.every((value) => value === typed), text: JSON.stringify({ typed, both }) };
}
