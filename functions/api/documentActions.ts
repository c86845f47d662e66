/** Documents that a user asks for one by one: orders and quotes of Sales, posted invoices (D-38, D-107, D-121, D-156). */
import type { DocumentAnswer } from '../../shared/app/documents/documentAnswer.ts';
import { checkInvoice, invoiceAnswer } from '../../shared/app/documents/invoiceAnswer.ts';
import { checkOrder, orderAnswer } from '../../shared/app/documents/orders/checkOrder.ts';
import { orderMappingName } from '../../shared/app/documents/orders/orderScope.ts';
import { checkQuote, quoteAnswer } from '../../shared/app/documents/quotes/checkQuote.ts';
import { quoteErrorsName, quoteMappingName } from '../../shared/app/documents/quotes/quoteScope.ts';
import type { Composition, OpenApp } from '../../shared/composition/composition.ts';
import type { RecordKey } from '../../shared/domain/actions/actionRun.ts';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import type { DataverseId, MappingName } from '../../shared/domain/common/ids.ts';
import type { TableMapping } from '../../shared/domain/mappings/model.ts';
import type { Answer } from '../http/endpoint.ts';
import { type ActionCall, actionAnswer, type NamedResult, type WantedAction } from './actionAnswers.ts';

/** What is needed to answer: the app, the call, and the record. */
export interface DocumentCall {
  readonly app: Composition;
  readonly opened: OpenApp;
  readonly call: ActionCall;
  readonly key: RecordKey;
}

/** An order of Sales becomes one of Business Central whatever the mapping's direction (contract section 3). */
export async function newOrder(request: DocumentCall, dataverseId: DataverseId): Promise<Answer> {
  const { ports, mappings } = request.opened;
  const known = await checkOrder(ports, mappings, dataverseId);
  const task = { kind: 'createOrders', dataverseIds: [dataverseId] } as const;
  const action = { mapping: orderMappingName, task };
  return documentAnswer(request, { known, action }, () => orderAnswer(ports, dataverseId));
}

/** A quote of Sales is processed as the job does it, order of a won quote included (D-107, D-110). */
export async function newQuote(request: DocumentCall, dataverseId: DataverseId): Promise<Answer> {
  const { ports, mappings } = request.opened;
  const { answer: known, isCoupled } = await checkQuote(ports, mappings, dataverseId);
  const task = { kind: 'processQuotes', dataverseIds: [dataverseId] } as const;
  const action = { mapping: quoteErrorsName, task };
  const wanted = { known, action, mapping: quoteMappingName };
  return documentAnswer(request, wanted, () => quoteAnswer(ports, dataverseId, isCoupled));
}

/** A posted invoice is pushed to Sales though its mapping is for coupled ones (D-121, D-155). */
export async function newInvoice(request: DocumentCall, mapping: TableMapping): Promise<Answer> {
  const { ports } = request.opened;
  const { key } = request;
  const known = await checkInvoice(ports, mapping, key);
  const ids = key.businessCentralId === null ? [] : [key.businessCentralId];
  const task = {
    kind: 'synchronize',
    manner: 'createNew',
    businessCentralIds: ids,
    dataverseIds: [],
  } as const;
  return documentAnswer(request, { known, action: { mapping: mapping.name, task } }, () =>
    invoiceAnswer(ports, mapping.name, key),
  );
}

interface WantedDocument {
  /** Null when the document is to be made. */
  readonly known: DocumentAnswer | null;
  readonly action: WantedAction;
  /** What the result names, where that is not the name the action runs under. */
  readonly mapping?: MappingName;
}

async function documentAnswer(
  { app, opened, call, key }: DocumentCall,
  { known, action, mapping }: WantedDocument,
  outcomeOf: () => Promise<DocumentAnswer | null>,
): Promise<Answer> {
  const named = mapping === undefined ? { mapping: action.mapping } : { mapping, runsAs: action.mapping };
  const result: NamedResult = { ...named, key, status: 'accepted', ...known };
  const answer = await actionAnswer(app, opened, call, known ? [] : [action], [result]);
  if (known || answer.status !== 200 || call.query.dryRun) return answer;
  return withOutcome(answer, await outcomeOf());
}

/** After the run the result tells what became of the document. */
function withOutcome(answer: Answer, outcome: DocumentAnswer | null): Answer {
  const body = answer.body as { readonly results?: readonly { readonly status?: string }[] } | undefined;
  if (!outcome || body?.results?.[0]?.status !== 'accepted') return answer;
  const failed = outcome.status === 'failed' ? { accepted: 0, failed: 1 } : {};
  return {
    ...answer,
    body: { ...body, ...failed, results: body.results.map((each) => ({ ...each, ...outcome })) },
  };
}

/** Raises SyncFailure `order-integration-off`: without order integration there is no mapping of orders, and no such record (D-6). */
export function requireOrderIntegration(mappings: readonly TableMapping[], mapping: MappingName): void {
  if (mapping !== orderMappingName || mappings.some(({ name }) => name === orderMappingName)) return;
  const message = 'Orders are not integrated, so none can be created or coupled.';
  const suggestion = 'Set ORDER_INTEGRATION to oneWay or bidirectional and restart the app.';
  throw new SyncFailure({ kind: 'config', code: 'order-integration-off', message, suggestion });
}
