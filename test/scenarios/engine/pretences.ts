/** Lets a service show other values, or another time, than the simulator holds: data no user can enter any more. */
import { type Instant, neverStamped } from '../../../shared/domain/common/instants.ts';
import type {
  BusinessCentralRecord,
  DataverseRow,
  FieldValues,
} from '../../../shared/domain/common/records.ts';
import type { BusinessCentral, BusinessCentralSelection } from '../../../shared/ports/businessCentral.ts';
import type { Dataverse, DataverseSelection } from '../../../shared/ports/dataverse.ts';
import { intercept } from '../../engine/intercept.ts';

interface Pretence {
  readonly values: FieldValues;
  readonly neverStamped: boolean;
}

type Stored = BusinessCentralRecord | DataverseRow;

/** What is pretended, by record id. */
export class Pretences {
  readonly #byId = new Map<string, Pretence>();

  /** Adds to what is pretended about the record already. */
  add(id: string, pretence: Partial<Pretence>): void {
    const known = this.#byId.get(id) ?? { values: {}, neverStamped: false };
    const values = { ...known.values, ...pretence.values };
    this.#byId.set(id, { ...known, ...pretence, values });
  }

  /** The record as shown: only values that were asked for are replaced. */
  show<Shown extends Stored>(record: Shown, wasAsked: (key: string) => boolean): Shown {
    const pretence = this.#byId.get(record.id);
    if (!pretence) return record;
    const asked = Object.entries(pretence.values).filter(([key]) => wasAsked(key));
    const modifiedAt: Instant = pretence.neverStamped ? neverStamped : record.modifiedAt;
    return { ...record, modifiedAt, values: { ...record.values, ...Object.fromEntries(asked) } };
  }
}

function askedOfBusinessCentral({ properties, companions }: BusinessCentralSelection) {
  const keys = companions.flatMap((set) => set.properties.map((property) => `${set.entitySet}/${property}`));
  const asked = new Set([...properties, ...keys]);
  return (key: string) => asked.has(key);
}

function askedOfDataverse({ attributes }: DataverseSelection) {
  return (key: string) => attributes.includes(key);
}

/** A record that was never stamped stands outside every bounded read. */
export function pretendingBusinessCentral(port: BusinessCentral, pretences: Pretences): BusinessCentral {
  return intercept(port, {
    readChanges: (original) => async (request) => {
      const page = await original(request);
      const { modifiedFrom, selection } = request;
      const wasAsked = askedOfBusinessCentral(selection);
      const shown = page.records.map((record) => pretences.show(record, wasAsked));
      const within = shown.filter(({ modifiedAt }) => modifiedFrom === null || modifiedAt >= modifiedFrom);
      return { ...page, records: within };
    },
    readByIds: (original) => async (selection, ids) =>
      (await original(selection, ids)).map((record) =>
        pretences.show(record, askedOfBusinessCentral(selection)),
      ),
  });
}

/** The same for rows; change tracking does not go by times. */
export function pretendingDataverse(port: Dataverse, pretences: Pretences): Dataverse {
  return intercept(port, {
    readChanges: (original) => async (request) => {
      const page = await original(request);
      return {
        ...page,
        rows: page.rows.map((row) => pretences.show(row, askedOfDataverse(request.selection))),
      };
    },
    readByIds: (original) => async (selection, ids) =>
      (await original(selection, ids)).map((row) => pretences.show(row, askedOfDataverse(selection))),
  });
}
