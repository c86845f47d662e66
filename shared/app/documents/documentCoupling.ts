/** The coupling of a document that was made. */
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { documentName } from '../../domain/documents/planDocument.ts';
import type { DocumentScope, DocumentWork } from './documentScope.ts';

/** A synchronised coupling of the document and its row; null while the document is not known to exist. */
export function documentCoupling(
  { ports, type, mapping }: Pick<DocumentScope, 'ports' | 'type' | 'mapping'>,
  { header, intent }: Pick<DocumentWork, 'header' | 'intent'>,
): Coupling | null {
  const { businessCentralId, number } = intent.document;
  if (businessCentralId === null) return null;
  return {
    mapping,
    businessCentralId,
    dataverseId: header.id,
    businessCentralName: number,
    dataverseName: documentName(type, header),
    state: 'synchronized',
    base: null,
    lastSyncedAt: ports.clock.now(),
    toDataverse: null,
    toBusinessCentral: null,
    lastError: null,
  };
}
