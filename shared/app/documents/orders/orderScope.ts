/** What making orders out of submitted Sales orders works with. */
import { mappingName } from '../../../domain/common/ids.ts';
import type { TableMapping } from '../../../domain/mappings/model.ts';
import type { DataverseSelection } from '../../../ports/dataverse.ts';
import type { SyncPorts } from '../../syncPorts.ts';
import {
  type DocumentEnd,
  type DocumentScope,
  type DocumentWork,
  openDocumentScope,
} from '../documentScope.ts';

export { failedEnd, type Staged } from '../documentScope.ts';

/** The mapping whose couplings, errors and lease orders belong to. */
export const orderMappingName = mappingName('SALESORDER-ORDER');

export interface OrderScope extends DocumentScope {
  /** Several companies share the organisation, so an order is claimed before it is created (D-149). */
  readonly mustClaim: () => Promise<boolean>;
}

/** An order on its way. */
export type OrderWork = DocumentWork;

/** What became of an order. */
export type OrderEnd = DocumentEnd;

/** Builds the scope; asks for what the organisation and the environment have. */
export async function openOrderScope(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  options: { readonly renew: () => Promise<void>; readonly mayWrite: boolean },
): Promise<OrderScope> {
  const named = { ...options, type: 'order', mapping: orderMappingName } as const;
  const scope = await openDocumentScope(ports, mappings, named);
  let several: Promise<boolean> | null = null;
  return {
    ...scope,
    mustClaim: () => {
      several ??= hasSeveralCompanies(ports, scope.headers);
      return several;
    },
  };
}

async function hasSeveralCompanies({ dataverse }: SyncPorts, headers: DataverseSelection): Promise<boolean> {
  if (!headers.attributes.includes('bcbi_companyid')) return false;
  const rows = await dataverse.readRows({ table: 'bcbi_company', attributes: ['bcbi_externalid'] }, null);
  return rows.length > 1;
}
