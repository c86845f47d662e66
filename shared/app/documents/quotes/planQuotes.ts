/** What a run of quotes would do, told instead of done (contract section 3, D-107 to D-118). */
import type { DataverseRow } from '../../../domain/common/records.ts';
import type { Coupling, CreateIntent } from '../../../domain/couplings/coupling.ts';
import { waitsForUser } from '../../../domain/documents/documentFailures.ts';
import { isWon } from '../../../domain/documents/quoteStages.ts';
import { comparedLineProperties, revisedFields } from '../../../domain/documents/revisedFields.ts';
import type { PlannedAction } from '../../../domain/sync/planTypes.ts';
import { emptyPlan, type JobPlan, joinedPlans } from '../../jobs/jobPlan.ts';
import type { DocumentEnd, DocumentWork } from '../documentScope.ts';
import { failedEnd } from '../documentScope.ts';
import { planOrderRows } from '../orders/planCreations.ts';
import { readOrderRetries } from '../orders/recordOrders.ts';
import { plannedCoupling, plannedEnd, plannedInsert } from '../plannedEnds.ts';
import { countEnds, type DocumentRetries } from '../recordDocuments.ts';
import { sortAbandoned, unneeded } from './abandonedQuotes.ts';
import { presentCouplings } from './coupleQuotes.ts';
import { sortCreates } from './createQuotes.ts';
import type { Revision } from './findRevised.ts';
import { settledEnd } from './processQuotes.ts';
import type { QuoteWorker } from './quoteRun.ts';
import { type QuoteScope, type QuoteStage, quoteMappingName } from './quoteScope.ts';
import { findOrders, orderFailed } from './wonQuotes.ts';

/** What a part of the plan would do, and the ends that quotes would come to. */
interface Planned {
  readonly actions: readonly PlannedAction[];
  readonly ends: readonly DocumentEnd[];
}

/** The worker of a dry run; writes nothing anywhere. */
export class QuotePlanner implements QuoteWorker {
  readonly #scope: QuoteScope;
  readonly #retries: DocumentRetries;
  #plans: JobPlan[] = [];

  constructor(scope: QuoteScope, retries: DocumentRetries) {
    this.#scope = scope;
    this.#retries = retries;
  }

  /** Everything that was found so far. */
  get plan(): JobPlan {
    return this.#plans.length === 0 ? emptyPlan : joinedPlans(this.#plans);
  }

  async settleAbandoned(
    headers: readonly DataverseRow[],
    _over: readonly CreateIntent[],
    intents: readonly CreateIntent[],
  ): Promise<void> {
    const { unmade, made, adopted, ended } = await sortAbandoned(this.#scope, headers, intents);
    const coupled = await this.#coupled([...made, ...adopted]);
    const rest = [...ended, ...unmade.map(unneeded)];
    this.#take({
      actions: [...coupled.actions, ...this.#plannedEnds(rest)],
      ends: [...coupled.ends, ...rest],
    });
  }

  async settled(ends: readonly DocumentEnd[]): Promise<void> {
    this.#take({ actions: this.#plannedEnds(ends), ends });
  }

  async process(
    open: readonly DataverseRow[],
    couplings: ReadonlyMap<string, Coupling>,
    intents: readonly CreateIntent[],
  ): Promise<void> {
    const uncoupled = open.filter(({ id }) => !couplings.has(id));
    const created = uncoupled.length === 0 ? nothing : await this.#created(uncoupled, intents);
    const made = new Set(created.ends.flatMap(({ id, status }) => (isMade(status) ? [id] : [])));
    const won = open.filter((header) => isWon(header) && (couplings.has(header.id) || made.has(header.id)));
    const orders = won.length === 0 ? nothing : await this.#wonOrders(won);
    const failed = new Set(orders.ends.map(({ id }) => id));
    const before = open.filter(({ id }) => couplings.has(id) && !failed.has(id));
    const settled = before.map((header) => settledEnd(header, couplings));
    this.#take({
      actions: [...created.actions, ...orders.actions, ...this.#plannedEnds(settled)],
      ends: [...created.ends.filter(({ id }) => !failed.has(id)), ...settled, ...orders.ends],
    });
  }

  async forget(): Promise<void> {}

  /** Whatever was on its way is planned by then. */
  async intents(): Promise<readonly CreateIntent[]> {
    return [];
  }

  /** A plan is whole. */
  isSliceOver(): boolean {
    return false;
  }

  #take({ actions, ends }: Planned): void {
    this.#plans.push({ actions, counts: countEnds('quote', ends, this.#retries) });
  }

  get #named() {
    return { type: 'quote', mapping: quoteMappingName, retries: this.#retries } as const;
  }

  #plannedEnds(ends: readonly DocumentEnd[]): readonly PlannedAction[] {
    return ends.map((end) => plannedEnd(this.#named, end));
  }

  async #created(headers: readonly DataverseRow[], intents: readonly CreateIntent[]): Promise<Planned> {
    const sorted = await sortCreates(this.#scope, headers, intents);
    const { complete, created, adopted, fresh, revisions, ended } = sorted;
    const begun = await this.#coupled([...complete, ...created, ...adopted]);
    const revised = await this.#revised(revisions);
    return {
      actions: [
        ...begun.actions,
        ...fresh.map((work) => plannedInsert(this.#named, work)),
        ...revised,
        ...this.#plannedEnds(ended),
      ],
      ends: [
        ...begun.ends,
        ...fresh.map(({ header }) => endOf(header, 'created')),
        ...revisions.map(({ work }) => endOf(work.header, 'updated')),
        ...ended,
      ],
    };
  }

  /** Quotes that exist in Business Central already; one that takes over the coupling of another one counts as modified. */
  async #coupled(stages: readonly (QuoteStage | DocumentWork)[]): Promise<Planned> {
    if (stages.length === 0) return nothing;
    const ids = stages.flatMap(({ intent }) => intent.document.businessCentralId ?? []);
    const present = await presentCouplings(this.#scope, ids);
    const takesOver = ({ header, intent }: QuoteStage) => {
      const coupling = present.get(intent.document.businessCentralId ?? '');
      return coupling !== undefined && coupling.dataverseId !== header.id;
    };
    return {
      actions: stages.map((stage): PlannedAction => {
        const planned =
          'plan' in stage ? plannedInsert(this.#named, stage) : plannedCoupling(this.#named, stage);
        return takesOver(stage) && planned.kind === 'insert' ? { ...planned, kind: 'modify' } : planned;
      }),
      ends: stages.map((stage) => endOf(stage.header, takesOver(stage) ? 'updated' : 'created')),
    };
  }

  async #revised(revisions: readonly Revision[]): Promise<readonly PlannedAction[]> {
    if (revisions.length === 0) return [];
    const { ports, setup } = this.#scope;
    const documentIds = revisions.map(({ record }) => record.id);
    const properties = comparedLineProperties;
    const read = { entitySet: 'salesQuoteLines', properties, documentIds };
    const [lines, { localCurrencyCode }] = await Promise.all([
      ports.businessCentral.readLines(read),
      setup(),
    ]);
    return revisions.map(({ work, record }): PlannedAction => {
      const own = lines.filter(({ documentId }) => documentId === record.id);
      const fields = revisedFields(work.plan, record.values, own, localCurrencyCode);
      const planned = plannedCoupling(this.#named, work, fields);
      const pair = { ...planned.pair, businessCentral: record };
      return { ...planned, kind: 'modify', businessCentralId: record.id, pair } as PlannedAction;
    });
  }

  /** Orders of won quotes, and the ends of quotes whose order is missing or cannot be made (D-110). */
  async #wonOrders(won: readonly DataverseRow[]): Promise<Planned> {
    const { ports, orders, isAsked } = this.#scope;
    const quotes = won.map((header) => ({ header }));
    const { missing, wanted, intents } = await findOrders(this.#scope, quotes);
    const retries = await readOrderRetries(ports);
    const waits = (header: DataverseRow) => !isAsked && waitsForUser(retries.get(header.id), header);
    const headers = wanted.map(({ order }) => order);
    const planned = await planOrderRows(orders, headers, [], { intents, retries, waits });
    const made = new Set(planned.ends.flatMap(({ id, status }) => (isMade(status) ? [id] : [])));
    const failed = wanted
      .filter(({ order }) => !made.has(order.id))
      .map((each) => failedEnd(each.quote.header, orderFailed(each, planned.ends)));
    const ends = [...missing, ...failed];
    return { actions: [...planned.actions, ...this.#plannedEnds(ends)], ends };
  }
}

const nothing: Planned = { actions: [], ends: [] };

function isMade(status: DocumentEnd['status']): boolean {
  return status === 'created' || status === 'updated';
}

function endOf(header: DataverseRow, status: 'created' | 'updated'): DocumentEnd {
  return { id: header.id, header, status, number: '' };
}
