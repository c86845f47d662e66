/** The whole state as plain JSON, and back again. */
import { z } from 'zod';
import type { Organisation } from './organisation.ts';
import type { Row } from './store/row.ts';

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const option = z.object({ value: z.int(), label: z.string(), state: z.int().optional() });

const snapshotSchema = z.object({
  version: z.int(),
  rows: z.record(z.string(), z.array(z.record(z.string(), cell))),
  deletions: z.record(z.string(), z.array(z.tuple([z.string(), z.int()]))),
  memberships: z.array(z.tuple([z.string(), z.array(z.string())])),
  options: z.record(z.string(), z.array(option)),
  privilegesTaken: z.record(z.string(), z.array(z.string())).default({}),
});

/** Everything that survives a restart; the clock is not part of it. */
export function takeSnapshot(organisation: Organisation): object {
  const { schema, store, options } = organisation;
  const perTable = <T>(read: (logicalName: string) => readonly T[]) =>
    Object.fromEntries(schema.tables.map(({ logicalName }) => [logicalName, read(logicalName)]));
  return {
    version: store.version,
    rows: perTable((name) => [...store.table(name).rows()]),
    deletions: perTable((name) => [...store.table(name).tombstones()]),
    memberships: [...store.table('team').rows()].map((team) => {
      const id = String(team['teamid']);
      return [id, [...store.members(id)]];
    }),
    options: options.toJson(),
    privilegesTaken: organisation.privileges.toJson(),
  };
}

/** Fills an empty organisation. Raises a ZodError when the object is no snapshot. */
export function restoreSnapshot(organisation: Organisation, snapshot: object): void {
  const state = snapshotSchema.parse(snapshot);
  const { store, options, privileges } = organisation;
  privileges.restore(state.privilegesTaken);
  store.version = state.version;
  for (const [name, rows] of Object.entries(state.rows)) {
    const table = store.tableOf(name);
    for (const row of rows) store.put(table, row as Row);
  }
  for (const [name, deletions] of Object.entries(state.deletions)) {
    for (const [id, version] of deletions) store.table(name).setTombstone(id, version);
  }
  for (const [teamId, userIds] of state.memberships) {
    for (const userId of userIds) store.setMember(teamId, userId, true);
  }
  options.restore(
    Object.fromEntries(
      Object.entries(state.options).map(([key, entries]) => [
        key,
        entries.map(({ value, label, state: belongsTo }) => ({
          value,
          label,
          ...(belongsTo === undefined ? {} : { state: belongsTo }),
        })),
      ]),
    ),
  );
}
