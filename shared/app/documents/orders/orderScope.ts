/** What making orders out of submitted Sales orders works with. */
import type { DataverseId } from '../../../domain/common/ids.ts';
import { mappingName } from '../../../domain/common/ids.ts';
import type { DataverseRow } from '../../../domain/common/records.ts';
import type { CreateIntent, DocumentProgress } from '../../../domain/couplings/coupling.ts';
import type { SalesDocument } from '../../../domain/documents/documentFacts.ts';
import type { PlannedDocument } from '../../../domain/documents/planDocument.ts';
import type { TableMapping } from '../../../domain/mappings/model.ts';
import type { RecordProblem } from '../../../domain/sync/problems.ts';
import type { BusinessCentralSelection } from '../../../ports/businessCentral.ts';
import type { DataverseSelection } from '../../../ports/dataverse.ts';
import { CompanyBook } from '../../run/companyBook.ts';
import type { SyncPorts } from '../../syncPorts.ts';
import { CouplingBook } from '../coupledRecords.ts';
import { headerSelection } from '../documentRows.ts';
import { type DocumentSetup, readDocumentSetup } from '../documentSetup.ts';

/** The mapping whose couplings, errors and lease orders belong to. */
export const orderMappingName = mappingName('SALESORDER-ORDER');
const extrasSet = 'salesOrderExtras';

export interface OrderScope {
  readonly ports: SyncPorts;
  readonly couplings: CouplingBook;
  readonly company: CompanyBook;
  readonly headers: DataverseSelection;
  readonly orders: BusinessCentralSelection;
  /** The companion page of orders; null where it is not there (D-35). */
  readonly extrasSet: string | null;
  /** Read when the first order is met, and once. */
  readonly setup: () => Promise<DocumentSetup>;
  /** Keeps the leases; raises SyncFailure `lease-lost` when another run took over. Call it before each page is written. */
  readonly renew: () => Promise<void>;
  /** Several companies share the organisation, so an order is claimed before it is created (D-149). */
  readonly mustClaim: () => Promise<boolean>;
}

/** An order on its way. */
export interface OrderWork {
  readonly header: DataverseRow;
  readonly document: SalesDocument;
  readonly plan: PlannedDocument;
  readonly intent: CreateIntent & { readonly document: DocumentProgress };
  /** Whether this run made the order itself, so that all of its lines are known to be there. */
  readonly isFresh: boolean;
}

/** What became of an order. */
export type OrderEnd = { readonly id: DataverseId; readonly header: DataverseRow | null } & (
  | { readonly status: 'created' | 'alreadyCoupled' | 'alreadyInvoiced'; readonly number: string }
  /** Waits for a user, or for a change of the order (D-71). */
  | { readonly status: 'waiting' }
  | { readonly status: 'failed'; readonly problem: RecordProblem }
);

/** Orders that go on, and those that came to their end. */
export interface Staged {
  readonly going: readonly OrderWork[];
  readonly ended: readonly OrderEnd[];
}

/** The end of an order that failed. */
export function failedEnd(header: DataverseRow, problem: RecordProblem): OrderEnd {
  return { id: header.id, header, status: 'failed', problem };
}

/** Builds the scope; asks for what the organisation and the environment have. */
export async function openOrderScope(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  options: { readonly renew: () => Promise<void>; readonly mayWrite: boolean },
): Promise<OrderScope> {
  const couplings = new CouplingBook(ports, mappings);
  const [company, headers, table, hasExtras] = await Promise.all([
    ports.businessCentral.company(),
    headerSelection(ports, 'order'),
    ports.dataverse.table('salesorder'),
    ports.businessCentral.hasCompanionSet(extrasSet),
  ]);
  const extras = ['yourReference', 'shippingAgentCode', 'workDescription'];
  let setup: Promise<DocumentSetup> | null = null;
  let several: Promise<boolean> | null = null;
  return {
    ports,
    couplings,
    company: new CompanyBook(ports, company, table, { mayWrite: options.mayWrite }),
    headers,
    orders: {
      entitySet: 'salesOrders',
      route: 'v2.0',
      properties: [
        'number',
        'status',
        'externalDocumentNumber',
        'customerNumber',
        'discountAmount',
        'pricesIncludeTax',
      ],
      companions: hasExtras ? [{ entitySet: extrasSet, properties: extras }] : [],
    },
    extrasSet: hasExtras ? extrasSet : null,
    setup: () => {
      setup ??= readDocumentSetup(ports, couplings);
      return setup;
    },
    renew: options.renew,
    mustClaim: () => {
      several ??= hasSeveralCompanies(ports, headers);
      return several;
    },
  };
}

async function hasSeveralCompanies({ dataverse }: SyncPorts, headers: DataverseSelection): Promise<boolean> {
  if (!headers.attributes.includes('bcbi_companyid')) return false;
  const rows = await dataverse.readRows({ table: 'bcbi_company', attributes: ['bcbi_externalid'] }, null);
  return rows.length > 1;
}
