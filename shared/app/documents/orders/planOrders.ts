/** Plans orders: what each would become, or why it cannot, before anything is written (D-39, D-65, D-71). */
import type { DataverseRow } from '../../../domain/common/records.ts';
import type { Coupling, CreateIntent } from '../../../domain/couplings/coupling.ts';
import { documentProblem } from '../../../domain/documents/documentProblems.ts';
import { isSubmitted, reservation } from '../../../domain/documents/orderStages.ts';
import { planDocument } from '../../../domain/documents/planDocument.ts';
import { withLines } from '../documentRows.ts';
import { readDocumentFacts } from '../readDocumentFacts.ts';
import {
  failedEnd,
  type OrderEnd,
  type OrderScope,
  type OrderWork,
  orderMappingName,
  type Staged,
} from './orderScope.ts';

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
  const going: OrderWork[] = [];
  const eligible = open.filter((header) => isSubmitted(header) || known.intents.has(header.id));
  for (const header of open)
    if (!eligible.includes(header)) ended.push(failedEnd(header, notSubmitted(header)));
  if (eligible.length === 0) return { going, ended };
  const documents = await withLines(scope.ports, 'order', eligible);
  const facts = await readDocumentFacts(scope.ports, scope.couplings, await scope.setup(), documents);
  const at = scope.ports.clock.now();
  for (const document of documents) {
    const { header } = document;
    const planned = planDocument('order', document, facts);
    if (planned.kind === 'problem') {
      ended.push(failedEnd(header, planned.problem));
      continue;
    }
    const plan = planned.value;
    const fresh = reservation(orderMappingName, header, plan.marker, at);
    const stored = known.intents.get(header.id);
    const intent = stored?.document ? { ...stored, document: stored.document } : fresh;
    going.push({ header, document, plan, intent, isFresh: false });
  }
  return { going, ended };
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
  const orders = await businessCentral.readByIds({ ...scope.orders, companions: [] }, ids);
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

/** Numbers of posted invoices by the number of the order they were posted from. */
export async function invoiceNumbers(
  { ports }: OrderScope,
  orderNumbers: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(orderNumbers)].filter((number) => number !== '');
  const rows = await ports.businessCentral.readRowsByFilters({
    entitySet: 'salesInvoices',
    route: 'v2.0',
    select: ['number', 'orderNumber', 'status'],
    filters: wanted.map((number) => `orderNumber eq '${number.replaceAll("'", "''")}'`),
  });
  const posted = rows.filter(({ status }) => status !== 'Draft');
  return new Map(posted.map((row) => [String(row['orderNumber'] ?? ''), String(row['number'] ?? '')]));
}
