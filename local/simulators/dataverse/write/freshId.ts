/** Ids for new rows. */
import { seededGuid } from '../../common/random.ts';
import type { Organisation } from '../organisation.ts';
import type { Table } from '../schema/schema.ts';

/** An id no row of the table has; repeatable for the same seed. */
export function freshId(organisation: Organisation, table: Table): string {
  let id = seededGuid(organisation.random);
  while (organisation.store.get(table, id)) id = seededGuid(organisation.random);
  return id;
}
