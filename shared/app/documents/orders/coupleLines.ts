/** Couples the lines of orders made from Sales, so that none of them comes back as another line (D-82, P2). */
import {
  type BusinessCentralId,
  businessCentralId,
  type DataverseId,
  mappingName,
} from '../../../domain/common/ids.ts';
import type { DataverseRow } from '../../../domain/common/records.ts';
import type { Coupling } from '../../../domain/couplings/coupling.ts';
import { inLineOrder } from '../../../domain/documents/documentLines.ts';
import { canonicalText } from '../../../domain/sync/values.ts';
import type { DocumentLine } from '../../../ports/businessCentral.ts';
import { withLines } from '../documentRows.ts';
import type { OrderScope, OrderWork } from './orderScope.ts';

const lineMapping = mappingName('SOLINE-ORDERDETAIL');
const productTypes: readonly unknown[] = ['Item', 'Resource'];
const lineProperties = ['sequence', 'lineType', 'description', 'quantity'];

/**
 * The product lines of a complete order stand in the order of those of Sales (D-47). Where somebody changed either side
 * before this, the lines are left to the run of the mapping. Safe to repeat.
 */
export async function coupleLines(
  { ports }: OrderScope,
  works: readonly Pick<OrderWork, 'header' | 'intent'>[],
): Promise<void> {
  const { orderIntegration } = ports.policy.documents;
  const documentIds = works.flatMap(({ intent }) => intent.document.businessCentralId ?? []);
  if (orderIntegration !== 'bidirectional' || documentIds.length === 0) return;
  const headers = works.map(({ header }) => header);
  const [lines, documents] = await Promise.all([
    ports.businessCentral.readLines({
      entitySet: 'salesOrderLines',
      properties: lineProperties,
      documentIds,
    }),
    withLines(ports, 'order', headers),
  ]);
  const couplings = works.flatMap(({ intent }, index) => {
    const ours = lines.filter(({ documentId }) => documentId === intent.document.businessCentralId);
    return pairsOf(ours, documents[index]?.lines ?? []);
  });
  if (couplings.length === 0) return;
  await ports.couplings.save(
    lineMapping,
    couplings.map((coupling) => ({ kind: 'create', coupling })),
  );
}

function pairsOf(lines: readonly DocumentLine[], details: readonly DataverseRow[]): readonly Coupling[] {
  const ours = lines
    .filter(({ values }) => productTypes.includes(values['lineType']))
    .toSorted((left, right) => Number(left.values['sequence']) - Number(right.values['sequence']));
  const theirs = inLineOrder(details);
  const isAlike = ours.every(
    ({ values }, index) => Number(values['quantity']) === Number(theirs[index]?.values['quantity']),
  );
  if (ours.length !== theirs.length || !isAlike) return [];
  return ours.flatMap((line, index) => {
    const detail = theirs[index];
    return detail ? [coupling(businessCentralId(line.id), detail.id, nameOf(line))] : [];
  });
}

function nameOf({ values }: DocumentLine): string {
  return `${canonicalText(values['sequence'])} ${canonicalText(values['description'])}`.trim();
}

/** Without a base, so that Business Central's line number and amounts go to Sales (D-81). */
function coupling(ours: BusinessCentralId, theirs: DataverseId, name: string): Coupling {
  return {
    mapping: lineMapping,
    businessCentralId: ours,
    dataverseId: theirs,
    businessCentralName: name,
    dataverseName: name,
    state: 'synchronized',
    base: null,
    lastSyncedAt: null,
    toDataverse: null,
    toBusinessCentral: null,
    lastError: null,
  };
}
