/** What making documents of Business Central out of documents of Sales works with. */
import type { DataverseId, MappingName } from '../../domain/common/ids.ts';
import type { DataverseRow } from '../../domain/common/records.ts';
import type { Coupling, CreateIntent, DocumentProgress } from '../../domain/couplings/coupling.ts';
import type { SalesDocument } from '../../domain/documents/documentFacts.ts';
import { type DocumentType, namesOf } from '../../domain/documents/documentType.ts';
import type { PlannedDocument } from '../../domain/documents/planDocument.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { RecordProblem } from '../../domain/sync/problems.ts';
import type { BusinessCentralSelection } from '../../ports/businessCentral.ts';
import type { DataverseSelection } from '../../ports/dataverse.ts';
import { CompanyBook } from '../run/companyBook.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { CouplingBook } from './coupledRecords.ts';
import { headerSelection } from './documentRows.ts';
import { type DocumentSetup, readDocumentSetup } from './documentSetup.ts';

/** Companion pages that take what the standard page of a kind of document does not; quotes have none (D-35). */
const extrasSets: Readonly<Record<DocumentType, string | null>> = { order: 'salesOrderExtras', quote: null };
const extras = ['yourReference', 'shippingAgentCode', 'workDescription'];
/** Not every version of the page takes them (D-32 d). */
const laterExtras = ['AddressLine1', 'AddressLine2', 'PostCode', 'City', 'Country', 'State'].map(
  (part) => `billTo${part}`,
);

/** Read of every document; quotes have no prices that include tax (D-26). */
const properties = ['number', 'status', 'externalDocumentNumber', 'customerNumber', 'discountAmount'];
const ownProperties: Readonly<Record<DocumentType, readonly string[]>> = {
  order: ['pricesIncludeTax'],
  quote: ['customerId', 'currencyCode', 'validUntilDate'],
};

export interface DocumentScope {
  readonly ports: SyncPorts;
  readonly type: DocumentType;
  /** Under which couplings, intents, errors and the retry list of these documents are kept. */
  readonly mapping: MappingName;
  readonly couplings: CouplingBook;
  readonly company: CompanyBook;
  readonly headers: DataverseSelection;
  /** The documents of Business Central. */
  readonly documents: BusinessCentralSelection;
  /** The companion page of these documents; null where it is not there (D-35). */
  readonly extrasSet: string | null;
  /** Read when the first document is met, and once. */
  readonly setup: () => Promise<DocumentSetup>;
  /** Keeps the leases; raises SyncFailure `lease-lost` when another run took over. Call it before each page is written. */
  readonly renew: () => Promise<void>;
  /** About how many couplings the mapping has. */
  readonly coupledCount: () => Promise<number>;
}

/** A document on its way. */
export interface DocumentWork {
  readonly header: DataverseRow;
  readonly document: SalesDocument;
  readonly plan: PlannedDocument;
  readonly intent: CreateIntent & { readonly document: DocumentProgress };
  /** Whether this run made the document itself, so that all of its lines are known to be there. */
  readonly isFresh: boolean;
}

/** What became of a document. */
export type DocumentEnd = { readonly id: DataverseId; readonly header: DataverseRow | null } & (
  | {
      readonly status: 'created' | 'updated' | 'alreadyCoupled' | 'alreadyInvoiced';
      readonly number: string;
      /** What a document that is there and coupled still lacks; its coupling is marked, so that a later run goes on. */
      readonly lacking?: { readonly coupling: Coupling; readonly problem: RecordProblem };
    }
  /** Waits for a user, or for a change of the document (D-71). */
  | { readonly status: 'waiting' }
  | { readonly status: 'failed'; readonly problem: RecordProblem }
);

/** Documents that go on, and those that came to their end. */
export interface Staged<Work = DocumentWork> {
  readonly going: readonly Work[];
  readonly ended: readonly DocumentEnd[];
}

/** The end of a document that failed. */
export function failedEnd(header: DataverseRow, problem: RecordProblem): DocumentEnd {
  return { id: header.id, header, status: 'failed', problem };
}

/**
 * The documents with everything the companion page takes of them. Asked once there is a document, since an empty page shows
 * nothing.
 */
export async function documentsWithExtras({
  ports,
  documents,
  extrasSet,
}: DocumentScope): Promise<BusinessCentralSelection> {
  if (extrasSet === null) return documents;
  const shown = await ports.businessCentral.companionProperties(extrasSet);
  const properties = [...extras, ...laterExtras.filter((property) => shown.has(property))];
  return { ...documents, companions: [{ entitySet: extrasSet, properties }] };
}

/** What a scope is opened for. */
export interface DocumentScopeOptions {
  readonly type: DocumentType;
  readonly mapping: MappingName;
  readonly renew: () => Promise<void>;
  readonly mayWrite: boolean;
}

/** Builds the scope; asks for what the organisation and the environment have. */
export async function openDocumentScope(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  { type, mapping, renew, mayWrite }: DocumentScopeOptions,
): Promise<DocumentScope> {
  const couplings = new CouplingBook(ports, mappings);
  const { headerTable, entitySet } = namesOf(type);
  const wantedSet = extrasSets[type];
  const [company, headers, table, hasExtras] = await Promise.all([
    ports.businessCentral.company(),
    headerSelection(ports, type),
    ports.dataverse.table(headerTable),
    wantedSet !== null && ports.businessCentral.hasCompanionSet(wantedSet),
  ]);
  const extrasSet = hasExtras ? wantedSet : null;
  let setup: Promise<DocumentSetup> | null = null;
  return {
    ports,
    type,
    mapping,
    couplings,
    company: new CompanyBook(ports, company, table, { mayWrite }),
    headers,
    documents: {
      entitySet,
      route: 'v2.0',
      properties: [...properties, ...ownProperties[type]],
      companions: extrasSet === null ? [] : [{ entitySet: extrasSet, properties: extras }],
    },
    extrasSet,
    setup: () => {
      setup ??= readDocumentSetup(ports, couplings);
      return setup;
    },
    renew,
    coupledCount: async () => (await ports.mappings.get(mapping)).state.coupledCount,
  };
}
