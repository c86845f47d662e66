/** The options an option mapping works with: read once per run, written in all their columns, published once (E-82). */

import { SyncFailure } from '../../domain/common/failures.ts';
import type { DataverseRow } from '../../domain/common/records.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { type OptionValue, optionColumnOf, optionRow } from '../../domain/options/optionRow.ts';
import { isOptionNumber } from '../../domain/options/optionRowId.ts';
import {
  type ColumnOptions,
  madeMeanwhile,
  numbersForNew,
  type OptionWrite,
  relatedWrites,
  separateSets,
} from '../../domain/options/optionWrites.ts';
import type { Dataverse } from '../../ports/dataverse.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';

type Outcome = WriteOutcome<OptionValue>;
type Target = OptionWrite['target'];

/** What became of an option that could not be written. */
export type NotDone = Exclude<Outcome, { status: 'done' }>;

/** The option column of an option mapping and the columns related to it. One per run: what it read stays read. */
export class OptionSet {
  readonly #dataverse: Dataverse;
  readonly #mapping: TableMapping;
  readonly #changed = new Map<string, Target>();
  #own: Promise<ColumnOptions> | null = null;
  #related: Promise<readonly ColumnOptions[]> | null = null;

  constructor(dataverse: Dataverse, mapping: TableMapping) {
    this.#dataverse = dataverse;
    this.#mapping = mapping;
  }

  /** All options as rows. Raises SyncFailure `column-not-found` (config). */
  async rows(): Promise<readonly DataverseRow[]> {
    const { options } = await this.#ownOptions();
    return options.filter(({ value }) => isOptionNumber(value)).map((option) => this.rowOf(option));
  }

  /** One option as a row. */
  rowOf(option: OptionValue): DataverseRow {
    return optionRow(this.#mapping, option);
  }

  /**
   * Adds options to the account column. One whose outcome is unknown is looked for among those that were not there before;
   * it is never sent twice.
   */
  async add(labels: readonly string[]): Promise<readonly Outcome[]> {
    if (labels.length === 0) return [];
    const before = await this.#ownOptions();
    const numbers = numbersForNew(before, await this.#relatedOptions(), labels.length);
    const inserts = labels.map((label, index) => ({ target: before, label, value: numbers[index] ?? null }));
    this.#touch(before);
    const outcomes = await this.#dataverse.addOptions(inserts);
    const isLost = outcomes.some(({ status }) => status === 'unknown');
    const found = isLost ? await this.#madeOf(before, labels, outcomes) : outcomes;
    this.#remember(found);
    return found;
  }

  /** Gives options of the account column another caption. */
  async rename(options: readonly OptionValue[]): Promise<readonly Outcome[]> {
    if (options.length === 0) return [];
    const target = await this.#ownOptions();
    this.#touch(target);
    const outcomes = await this.#dataverse.renameOptions(options.map((option) => ({ ...option, target })));
    this.#remember(outcomes);
    return outcomes;
  }

  /**
   * Gives every related column these options under the same numbers and captions. Answers what went wrong, by number.
   * Safe to repeat: only what differs is written.
   */
  async spread(wanted: readonly OptionValue[]): Promise<ReadonlyMap<number, NotDone>> {
    const failed = new Map<number, NotDone>();
    if (wanted.length === 0) return failed;
    const { adds, renames } = relatedWrites(await this.#relatedOptions(), wanted);
    for (const { target } of [...adds, ...renames]) this.#touch(target);
    const [added, renamed] = [
      await this.#dataverse.addOptions(adds),
      await this.#dataverse.renameOptions(renames),
    ];
    this.#related = null;
    for (const [index, { value }] of [...adds, ...renames].entries()) {
      const outcome = [...added, ...renamed][index];
      if (outcome && outcome.status !== 'done') failed.set(value, outcome);
    }
    return failed;
  }

  /** Publishes what this run changed, in one request; nothing when it changed nothing. */
  async publish(): Promise<void> {
    const targets = [...this.#changed.values()];
    await this.#dataverse.publishOptions(targets);
    this.#changed.clear();
  }

  /** Publishes every column of the mapping: what a cut-off run changed may still wait for it. */
  async publishAll(): Promise<void> {
    const all = [await this.#ownOptions(), ...(await this.#relatedOptions())];
    await this.#dataverse.publishOptions(all.map(({ column, sharedSet }) => ({ column, sharedSet })));
    this.#own = null;
    this.#related = null;
  }

  #ownOptions(): Promise<ColumnOptions> {
    this.#own ??= this.#readOwn();
    return this.#own;
  }

  async #readOwn(): Promise<ColumnOptions> {
    const column = optionColumnOf(this.#mapping);
    const [options] = await this.#dataverse.readOptions([column]);
    if (options) return options;
    throw new SyncFailure({
      kind: 'config',
      code: 'column-not-found',
      message: `The Dataverse table "${column.table}" has no option column "${column.attribute}".`,
      suggestion: 'Compare the mapping with the columns of the table in Dataverse.',
    });
  }

  #relatedOptions(): Promise<readonly ColumnOptions[]> {
    this.#related ??= this.#readRelated();
    return this.#related;
  }

  /** Columns of tables that are not installed are passed over. */
  async #readRelated(): Promise<readonly ColumnOptions[]> {
    const columns = this.#mapping.dataverse.relatedOptionColumns ?? [];
    const read = await this.#dataverse.readOptions(columns);
    return separateSets(
      await this.#ownOptions(),
      read.filter((options) => options !== null),
    );
  }

  async #madeOf(
    before: ColumnOptions,
    labels: readonly string[],
    outcomes: readonly Outcome[],
  ): Promise<readonly Outcome[]> {
    this.#own = null;
    const { options } = await this.#ownOptions();
    return outcomes.map((outcome, index) => {
      const label = labels[index];
      if (outcome.status !== 'unknown' || label === undefined) return outcome;
      const record = madeMeanwhile(before.options, options, label);
      return record ? { status: 'done', record } : outcome;
    });
  }

  /** Later reads of this run see what it wrote; after a surprise the options are read again. */
  #remember(outcomes: readonly Outcome[]): void {
    if (outcomes.some(({ status }) => status !== 'done')) this.#own = null;
    const written = outcomes.flatMap((outcome) => (outcome.status === 'done' ? [outcome.record] : []));
    const numbers = new Set(written.map(({ value }) => value));
    this.#own =
      this.#own?.then((own) => ({
        ...own,
        options: [...own.options.filter(({ value }) => !numbers.has(value)), ...written],
      })) ?? null;
  }

  #touch({ column, sharedSet }: Target): void {
    this.#changed.set(`${column.table}.${column.attribute}`, { column, sharedSet });
  }
}
