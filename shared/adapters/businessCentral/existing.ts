/** Asks for records one by one, to be sure that they are gone (P9). */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { BusinessCentralId } from '../../domain/common/ids.ts';
import type { BusinessCentral } from '../../ports/businessCentral.ts';
import { runOperations } from './batch.ts';
import { answerFailure, type BatchOperation } from './batchFormat.ts';
import type { Client } from './client.ts';
import { queryString } from './odata.ts';

/** The ids that answer; only 404 stands for a record that is gone. Raises SyncFailure for any other refusal. */
export async function existing(
  client: Client,
  { entitySet, route }: Parameters<BusinessCentral['existing']>[0],
  ids: readonly BusinessCentralId[],
): Promise<ReadonlySet<BusinessCentralId>> {
  if (ids.length === 0) return new Set();
  const company = await client.companyPath();
  const operations = ids.map((id): BatchOperation => {
    return { method: 'GET', path: `${company}/${entitySet}(${id})${queryString({ select: ['id'] })}` };
  });
  const results = await runOperations(client, route, operations, 'read');
  const present = new Set<BusinessCentralId>();
  for (const [index, result] of results.entries()) {
    if (result instanceof SyncFailure) throw result;
    const id = ids[index];
    if (result.status === 200 && id !== undefined) present.add(id);
    else if (result.status !== 404) throw answerFailure(client, result, `GET ${entitySet}`);
  }
  return present;
}
