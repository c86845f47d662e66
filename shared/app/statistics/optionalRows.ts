/** Rows of sets that an environment need not have. */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { FieldValues } from '../../domain/common/records.ts';
import type { BusinessCentral } from '../../ports/businessCentral.ts';

type RowsRequest = Parameters<BusinessCentral['readRows']>[0];

/** The rows; null when the service does not offer the set. Raises any other SyncFailure. */
export async function optionalRows(
  businessCentral: BusinessCentral,
  request: RowsRequest,
): Promise<readonly FieldValues[] | null> {
  try {
    return await businessCentral.readRows(request);
  } catch (error) {
    if (error instanceof SyncFailure && error.code === 'entity-set-not-found') return null;
    throw error;
  }
}

/** Whether the service understood the request and refused it, which asking again does not change. */
export function isRefusal(error: unknown): boolean {
  return error instanceof SyncFailure && ['config', 'data', 'bug'].includes(error.kind);
}
