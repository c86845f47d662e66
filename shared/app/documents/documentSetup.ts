/** What is set up about documents: the write-in product, the freight account, currencies (D-50, D-51, D-58, D-60). */
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import type { WriteInFacts } from '../../domain/documents/documentFacts.ts';
import type { DocumentSettings, WriteInProduct } from '../../domain/documents/documentSettings.ts';
import { salesSetupOf } from '../../domain/sync/salesSetup.ts';
import { asCode, canonicalText } from '../../domain/sync/values.ts';
import type { SyncPorts } from '../syncPorts.ts';
import type { CouplingBook } from './coupledRecords.ts';

export interface DocumentSetup {
  readonly writeIn: WriteInFacts | null;
  readonly freightAccount: string | null;
  readonly currencyCodes: ReadonlySet<string>;
  readonly localCurrencyCode: string;
  readonly travelsBothWays: boolean;
}

/** Reads it; settings win over the companion app's page (contract section 2). */
export async function readDocumentSetup(ports: SyncPorts, couplings: CouplingBook): Promise<DocumentSetup> {
  const { businessCentral } = ports;
  const [{ writeInProduct, freightAccount }, currencies, localCurrencyCode] = await Promise.all([
    configuredAccounts(ports),
    businessCentral.readRows({ entitySet: 'currencies', route: 'v2.0', select: ['code'] }),
    businessCentral.localCurrencyCode(),
  ]);
  return {
    writeIn: writeInProduct && (await writeInFacts(ports, couplings, writeInProduct)),
    freightAccount,
    currencyCodes: new Set(currencies.map(({ code }) => asCode(canonicalText(code)))),
    localCurrencyCode,
    travelsBothWays: ports.policy.documents.orderIntegration === 'bidirectional',
  };
}

/** The write-in product and the freight account; settings win over the companion app's page (contract section 2). */
export async function configuredAccounts({
  businessCentral,
  policy,
}: SyncPorts): Promise<Pick<DocumentSettings, 'writeInProduct' | 'freightAccount'>> {
  const { writeInProduct, freightAccount } = policy.documents;
  const isComplete = writeInProduct !== null && freightAccount !== null;
  if (isComplete || !(await businessCentral.hasCompanionSet('integrationSetup')))
    return { writeInProduct, freightAccount };
  const select = ['writeInProductType', 'writeInProductNumber', 'freightGLAccountNumber'];
  const [row] = await businessCentral.readRows({ entitySet: 'integrationSetup', route: 'companion', select });
  return {
    writeInProduct: writeInProduct ?? salesSetupOf(row).writeInProduct,
    freightAccount: freightAccount ?? (asCode(canonicalText(row?.['freightGLAccountNumber'])) || null),
  };
}

/** Resources are on the companion app's page; without it there are none to be found. */
async function writeInFacts(
  ports: SyncPorts,
  couplings: CouplingBook,
  product: WriteInProduct,
): Promise<WriteInFacts> {
  const number = asCode(product.number);
  const mapping = product.type === 'Item' ? 'ITEM-PRODUCT' : 'RESOURCE-PRODUCT';
  const record = await readProduct(ports, { ...product, number });
  const isCoupled = record !== null && (await couplings.isCoupled(mapping, record.id));
  return { ...product, number, record, isCoupled };
}

async function readProduct(
  { businessCentral }: SyncPorts,
  { type, number }: WriteInProduct,
): Promise<BusinessCentralRecord | null> {
  const isItem = type === 'Item';
  if (!isItem && !(await businessCentral.hasCompanionSet('resources'))) return null;
  const selection = isItem
    ? {
        entitySet: 'items',
        route: 'v2.0' as const,
        properties: ['number', 'displayName', 'type', 'priceIncludesTax'],
      }
    : { entitySet: 'resources', route: 'companion' as const, properties: ['number', 'name'] };
  const [record] = await businessCentral.readByValues({ ...selection, companions: [] }, 'number', [number]);
  return record ?? null;
}
