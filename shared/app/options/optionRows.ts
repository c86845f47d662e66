/** The Dataverse port of a run of an option mapping: the options of its column stand in for the rows of a table. */
import { invariant } from '../../domain/common/failures.ts';
import type { DataverseRow, DataverseWriteValue, FieldValue } from '../../domain/common/records.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { type OptionValue, optionColumnOf } from '../../domain/options/optionRow.ts';
import { optionNumberOf } from '../../domain/options/optionRowId.ts';
import { canonicalText } from '../../domain/sync/values.ts';
import type { Dataverse } from '../../ports/dataverse.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import type { OptionSet } from './optionSet.ts';

type Outcome = WriteOutcome<DataverseRow>;

const optionsStay = {
  kind: 'permission',
  status: 403,
  serviceCode: 'option-in-use',
  message: 'Options of Sales are not deleted by a synchronisation.',
} as const;

/**
 * The port with rows made of options (E-80). New options get a number of the service's own choice, so the ids of inserts
 * do not matter: a repeated run finds the option of a lost insert by its caption, because a match comes before a create.
 */
export function optionRows(dataverse: Dataverse, mapping: TableMapping, options: OptionSet): Dataverse {
  const column = optionColumnOf(mapping);
  const asOutcome = (outcome: WriteOutcome<OptionValue>): Outcome =>
    outcome.status === 'done' ? { ...outcome, record: options.rowOf(outcome.record) } : outcome;
  const captionIn = (values: Readonly<Record<string, DataverseWriteValue>>): string =>
    canonicalText((values[column.attribute] ?? null) as FieldValue);
  return {
    ...unchangedParts(dataverse, mapping, options),
    readChanges: async () => ({ rows: await options.rows(), deletedIds: [], next: null, end: null }),
    readByIds: async (_selection, ids) => {
      const wanted = new Set<string>(ids);
      return (await options.rows()).filter(({ id }) => wanted.has(id));
    },
    readByValues: async (_selection, attribute, values) => {
      const wanted = new Set(values.map((value) => canonicalText(value).toLowerCase()));
      const rows = await options.rows();
      return rows.filter((row) => wanted.has(canonicalText(row.values[attribute]).toLowerCase()));
    },
    readRows: () => options.rows(),
    create: async (_selection, inserts) =>
      (await options.add(inserts.map(({ values }) => captionIn(values)))).map(asOutcome),
    // Pairs of options are taken apart, the options themselves stay: forms and rows use them.
    delete: async (_table, rows) => rows.map(() => ({ status: 'refused', problem: optionsStay }) as const),
    update: async (_selection, updates) => {
      const renames = updates.map(({ id, values }) => {
        const value = optionNumberOf(column, id);
        invariant(value !== null, 'a row of an option mapping is an option of its column');
        return { value, label: captionIn(values) };
      });
      return (await options.rename(renames)).map(asOutcome);
    },
  };
}

/** What does not speak of rows. */
function unchangedParts(dataverse: Dataverse, mapping: TableMapping, options: OptionSet) {
  return {
    metered: (meter) => optionRows(dataverse.metered(meter), mapping, options),
    whoAmI: () => dataverse.whoAmI(),
    rightsOn: (tables) => dataverse.rightsOn(tables),
    integrationCompany: (externalId) => dataverse.integrationCompany(externalId),
    addToTeam: (team, users) => dataverse.addToTeam(team, users),
    table: (logicalName) => dataverse.table(logicalName),
    prepareTables: (logicalNames) => dataverse.prepareTables(logicalNames),
    optionNumbers: (columns) => dataverse.optionNumbers(columns),
    currencyOfIsoCode: (code) => dataverse.currencyOfIsoCode(code),
    readOptions: (columns) => dataverse.readOptions(columns),
    addOptions: (inserts) => dataverse.addOptions(inserts),
    renameOptions: (writes) => dataverse.renameOptions(writes),
    removeOptions: (writes) => dataverse.removeOptions(writes),
    publishOptions: (targets) => dataverse.publishOptions(targets),
    fulfilOrders: (ids) => dataverse.fulfilOrders(ids),
  } satisfies Partial<Dataverse>;
}
