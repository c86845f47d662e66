/** Resolves references through couplings, in bulk, each once per run (E-12, E-73 to E-76). */
import {
  type BusinessCentralId,
  businessCentralId,
  type DataverseId,
  dataverseId,
  isGuid,
} from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { type LookupAnswer, Lookups, type Reference, referenceKey } from '../../domain/sync/lookups.ts';
import { currencyMappingName } from '../../domain/sync/references.ts';
import { asCode, canonicalText } from '../../domain/sync/values.ts';
import { optionAnswers } from '../options/optionAnswers.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { createLocalCurrency } from './localCurrency.ts';

interface LocalCurrency {
  readonly code: string;
  readonly row: DataverseId | null;
}

/** Answers are kept for the length of a run; records of one run do not refer to each other. */
export class LookupBook {
  readonly #ports: SyncPorts;
  readonly #mappings: readonly TableMapping[];
  readonly #options: { readonly companyId: string; readonly mayWrite: boolean };
  readonly #answers = new Map<string, LookupAnswer>();
  readonly #coupledCounts = new Map<string, Promise<number>>();
  #local: Promise<LocalCurrency> | null = null;

  constructor(
    ports: SyncPorts,
    mappings: readonly TableMapping[],
    options: { readonly companyId: string; readonly mayWrite: boolean },
  ) {
    this.#ports = ports;
    this.#mappings = mappings;
    this.#options = options;
  }

  /** All answers so far plus those for these references, asked for in a few requests per mapping. */
  async resolve(references: readonly Reference[]): Promise<Lookups> {
    const open = new Map<string, Reference>();
    for (const reference of references) {
      const key = referenceKey(reference);
      if (!this.#answers.has(key)) open.set(key, reference);
    }
    const needsLocal = references.some((reference) => reference.mapping === currencyMappingName);
    const toDataverse = references.some((reference) => reference.side === 'businessCentral');
    const known = needsLocal ? await this.#localCurrency() : null;
    const local = known && toDataverse ? await this.#withLocalRow(known) : known;
    const rest = local ? this.#answerLocal([...open.values()], local) : [...open.values()];
    await Promise.all(groups(rest).map((group) => this.#resolveGroup(group)));
    return new Lookups(this.#answers, local?.code ?? '');
  }

  /** Takes answers back, because what they tell of may have changed. */
  forget(references: readonly Reference[]): void {
    for (const reference of references) this.#answers.delete(referenceKey(reference));
  }

  /** The local currency's code; read once per run. */
  async localCurrencyCode(): Promise<string> {
    return (await this.#localCurrency()).code;
  }

  #localCurrency(): Promise<LocalCurrency> {
    this.#local ??= this.#readLocalCurrency();
    return this.#local;
  }

  async #readLocalCurrency(): Promise<LocalCurrency> {
    const code = await this.#ports.businessCentral.localCurrencyCode();
    return { code, row: await this.#ports.dataverse.currencyOfIsoCode(code) };
  }

  /** Blank or local on one side is blank on the other; what is left is looked up through couplings. */
  #answerLocal(references: readonly Reference[], local: LocalCurrency): readonly Reference[] {
    return references.filter((reference) => {
      if (reference.mapping !== currencyMappingName) return true;
      const isLocal =
        reference.value === '' ||
        (reference.side === 'businessCentral'
          ? asCode(reference.value) === local.code
          : reference.value.toLowerCase() === local.row);
      if (isLocal) this.#answers.set(referenceKey(reference), localAnswer(reference, local));
      return !isLocal;
    });
  }

  /**
   * Makes sure the local currency has a row in Sales before records are written with it (E-92). When that fails the
   * references stay unanswered, so the records that need it fail and are tried again.
   */
  async #withLocalRow(local: LocalCurrency): Promise<LocalCurrency> {
    if (local.row !== null || local.code === '' || !this.#options.mayWrite) return local;
    try {
      const row = await createLocalCurrency(this.#ports, this.#options.companyId, local.code);
      this.#local = Promise.resolve({ code: local.code, row });
      return { code: local.code, row };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#ports.log('warning', 'local-currency-missing', { currency: local.code, reason });
      return local;
    }
  }

  #coupledCount(mapping: TableMapping): Promise<number> {
    const known = this.#coupledCounts.get(mapping.name);
    const count = known ?? this.#ports.mappings.get(mapping.name).then(({ state }) => state.coupledCount);
    this.#coupledCounts.set(mapping.name, count);
    return count;
  }

  async #resolveGroup(group: readonly Reference[]): Promise<void> {
    const [first] = group;
    if (!first) return;
    const mapping = this.#mappings.find((candidate) => candidate.name === first.mapping);
    if (!mapping) return this.#answerWithoutMapping(group);
    if (mapping.kind === 'option') return this.#resolveOptions(mapping, group);
    if (first.side === 'dataverse') return this.#resolveRows(mapping, group);
    const ids = first.by === 'id' ? idsOf(group) : await this.#idsByKey(mapping, group);
    await this.#resolveRecords(mapping, group, ids);
  }

  /** Codes and numbers of an option mapping translate through its pairs, whichever way the mapping itself goes (E-81). */
  async #resolveOptions(mapping: TableMapping, group: readonly Reference[]): Promise<void> {
    const coupledCount = await this.#coupledCount(mapping);
    const answers = await optionAnswers(this.#ports, mapping, group, coupledCount);
    for (const [index, reference] of group.entries()) {
      this.#answers.set(referenceKey(reference), answers[index] ?? { status: 'unpaired' });
    }
  }

  /** An option column whose mapping does not exist has no pairs; any other reference cannot be translated (E-76). */
  #answerWithoutMapping(group: readonly Reference[]): void {
    for (const reference of group) {
      const isOption = this.#mappings.some((mapping) =>
        mapping.fields.some(
          (field) => field.lookup === reference.mapping && field.dataverse?.type === 'picklist',
        ),
      );
      this.#answers.set(referenceKey(reference), { status: isOption ? 'unpaired' : 'noMapping' });
    }
  }

  async #idsByKey(
    mapping: TableMapping,
    group: readonly Reference[],
  ): Promise<Map<string, BusinessCentralId>> {
    const { entitySet, route, keyProperty } = mapping.businessCentral;
    const selection = { entitySet, route, properties: [keyProperty], companions: [] };
    const values = group.map((reference) => reference.value);
    const records = await this.#ports.businessCentral.readByValues(selection, keyProperty, values);
    return new Map(records.map((record) => [asCode(canonicalText(record.values[keyProperty])), record.id]));
  }

  async #resolveRecords(
    mapping: TableMapping,
    group: readonly Reference[],
    ids: ReadonlyMap<string, BusinessCentralId>,
  ): Promise<void> {
    const coupledCount = await this.#coupledCount(mapping);
    const couplings = await this.#ports.couplings.byBusinessCentralIds(
      mapping.name,
      [...ids.values()],
      coupledCount,
    );
    const byId = new Map<string, Coupling>(
      couplings.map((coupling) => [coupling.businessCentralId, coupling]),
    );
    for (const reference of group) {
      const id = ids.get(reference.by === 'id' ? reference.value.toLowerCase() : asCode(reference.value));
      const coupling = id === undefined ? undefined : byId.get(id);
      this.#answers.set(referenceKey(reference), recordAnswer(reference, id, coupling));
    }
  }

  /** The coupled record's key is read as it is now, because it may have been renamed (E-8). */
  async #resolveRows(mapping: TableMapping, group: readonly Reference[]): Promise<void> {
    const coupledCount = await this.#coupledCount(mapping);
    const ids = group.filter(({ value }) => isGuid(value)).map(({ value }) => dataverseId(value));
    const couplings = await this.#ports.couplings.byDataverseIds(mapping.name, ids, coupledCount);
    const { entitySet, route, keyProperty } = mapping.businessCentral;
    const selection = { entitySet, route, properties: [keyProperty], companions: [] };
    const records = await this.#ports.businessCentral.readByIds(
      selection,
      couplings.map((coupling) => coupling.businessCentralId),
    );
    const keys = new Map<string, string>(
      records.map((record) => [record.id, canonicalText(record.values[keyProperty])]),
    );
    const byRow = new Map<string, Coupling>(couplings.map((coupling) => [coupling.dataverseId, coupling]));
    for (const reference of group) {
      const coupling = byRow.get(reference.value.toLowerCase());
      const answer: LookupAnswer = isGuid(reference.value)
        ? rowAnswer(coupling, keys)
        : { status: 'notFound' };
      this.#answers.set(referenceKey(reference), answer);
    }
  }
}

function groups(references: readonly Reference[]): readonly (readonly Reference[])[] {
  const byKind = new Map<string, Reference[]>();
  for (const reference of references) {
    const kind = `${reference.mapping}|${reference.side}|${reference.by}`;
    const group = byKind.get(kind);
    if (group) group.push(reference);
    else byKind.set(kind, [reference]);
  }
  return [...byKind.values()];
}

/** What is no id refers to nothing; it is the problem of its record alone (P11). */
function idsOf(group: readonly Reference[]): Map<string, BusinessCentralId> {
  const ids = group.filter(({ value }) => isGuid(value)).map(({ value }) => businessCentralId(value));
  return new Map(ids.map((id) => [id, id]));
}

function localAnswer(reference: Reference, local: LocalCurrency): LookupAnswer {
  if (reference.side === 'dataverse') return { status: 'blank' };
  return local.row === null
    ? { status: 'notCoupled' }
    : { status: 'coupled', id: local.row, key: local.code };
}

function recordAnswer(
  reference: Reference,
  id: BusinessCentralId | undefined,
  coupling: Coupling | undefined,
): LookupAnswer {
  if (id === undefined) return { status: 'notFound' };
  return coupling
    ? { status: 'coupled', id: coupling.dataverseId, key: reference.value }
    : { status: 'notCoupled', id };
}

function rowAnswer(coupling: Coupling | undefined, keys: ReadonlyMap<string, string>): LookupAnswer {
  if (coupling === undefined) return { status: 'notCoupled' };
  const key = keys.get(coupling.businessCentralId);
  return key === undefined
    ? { status: 'notFound' }
    : { status: 'coupled', id: coupling.businessCentralId, key };
}
