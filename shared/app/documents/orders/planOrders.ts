/** Plans orders: what each would become, or why it cannot, before anything is written (D-39, D-65, D-71). */
import type { DataverseRow } from '../../../domain/common/records.ts';
import type { Coupling, CreateIntent } from '../../../domain/couplings/coupling.ts';
import { documentProblem } from '../../../domain/documents/documentProblems.ts';
import { isSubmitted } from '../../../domain/documents/orderStages.ts';
import { invoiceNumbers } from '../invoiceNumbers.ts';
import { planDocuments } from '../planDocuments.ts';
import { failedEnd, type OrderEnd, type OrderScope, type Staged } from './orderScope.ts';

/** What is known of the orders of one page beside their rows, by order. */
export interface KnownOrders {
  readonly couplings: ReadonlyMap<string, Coupling>;
  readonly intents: ReadonlyMap<string, CreateIntent>;
}

/** Ends those that are coupled already, not submitted or cannot be made; the others go on with their reservation. */
export async function planOrders(
  scope: OrderScope,
  headers: readonly DataverseRow[],
  known: KnownOrders,
): Promise<Staged> {
  const coupled = headers.filter(({ id }) => known.couplings.has(id));
  const ended: OrderEnd[] = [...(await coupledEnds(scope, coupled, known.couplings))];
  const open = headers.filter(({ id }) => !known.couplings.has(id));
  const eligible = open.filter((header) => isSubmitted(header) || known.intents.has(header.id));
  for (const header of open)
    if (!eligible.includes(header)) ended.push(failedEnd(header, notSubmitted(header)));
  const planned = await planDocuments(scope, eligible, known.intents);
  return { going: planned.going, ended: [...ended, ...planned.ended] };
}

function notSubmitted(header: DataverseRow) {
  const message = 'The order is not submitted.';
  return documentProblem('order', 'ORDER_NOT_SUBMITTED', message, [String(header.values['statecode'])]);
}

/** A coupled order is never made again: it exists, was invoiced, or was deleted by somebody (D-65). */
export async function coupledEnds(
  scope: OrderScope,
  headers: readonly DataverseRow[],
  couplings: ReadonlyMap<string, Coupling>,
): Promise<readonly OrderEnd[]> {
  if (headers.length === 0) return [];
  const { businessCentral } = scope.ports;
  const ids = headers.flatMap(({ id }) => couplings.get(id)?.businessCentralId ?? []);
  const orders = await businessCentral.readByIds({ ...scope.documents, companions: [] }, ids);
  const numbers = new Map<string, string>(
    orders.map(({ id, values }) => [id, String(values['number'] ?? '')]),
  );
  const gone = headers.filter(({ id }) => !numbers.has(couplings.get(id)?.businessCentralId ?? ''));
  const invoices = await invoiceNumbers(
    scope,
    gone.flatMap(({ id }) => couplings.get(id)?.businessCentralName ?? []),
  );
  return headers.map((header): OrderEnd => {
    const coupling = couplings.get(header.id);
    const number = numbers.get(coupling?.businessCentralId ?? '');
    const invoice = invoices.get(coupling?.businessCentralName ?? '');
    const head = { id: header.id, header };
    if (number === undefined && invoice !== undefined)
      return { ...head, status: 'alreadyInvoiced', number: invoice };
    return { ...head, status: 'alreadyCoupled', number: number ?? coupling?.businessCentralName ?? '' };
  });
}
