/** The whole state as plain JSON, and back again. The clock and pending notifications are not part of it. */
import { z } from 'zod';
import { Company } from './store/company.ts';
import type { Database } from './store/database.ts';
import type { SubscriptionStore } from './webhooks/subscriptionStore.ts';

const value = z.union([z.string(), z.number(), z.boolean()]);
const rowSchema = z.object({
  id: z.string(),
  values: z.record(z.string(), value),
  stamps: z.object({
    createdAtMs: z.number(),
    createdBy: z.string(),
    modifiedAtMs: z.number(),
    modifiedBy: z.string(),
    rowVersion: z.number(),
  }),
});
const subscriptionSchema = z.object({
  id: z.string(),
  companyId: z.string(),
  set: z.string(),
  resource: z.string(),
  notificationUrl: z.string(),
  clientState: z.string(),
  user: z.string(),
  createdAtMs: z.number(),
  modifiedAtMs: z.number(),
  expiresAtMs: z.number(),
  version: z.number(),
});
const snapshotSchema = z.object({
  rowVersion: z.number(),
  companies: z
    .array(
      z.object({
        info: z.object({
          id: z.string(),
          name: z.string(),
          displayName: z.string(),
          systemVersion: z.string(),
          createdAt: z.string(),
          modifiedAt: z.string(),
        }),
        numbers: z.record(z.string(), z.number()),
        tables: z.record(z.string(), z.array(rowSchema)),
      }),
    )
    .min(1),
  subscriptions: z.array(subscriptionSchema),
});

/** Everything that survives a restart. */
export function takeSnapshot(database: Database, subscriptions: SubscriptionStore): object {
  return {
    rowVersion: database.rowVersion,
    companies: [...database.companies.values()].map((company) => ({
      info: company.info,
      numbers: company.numbers.state(),
      tables: Object.fromEntries(
        company
          .tables()
          .filter((table) => table.size > 0)
          .map((table) => [
            table.name,
            [...table.rows()].map(({ id, values, stamps }) => ({ id, values, stamps })),
          ]),
      ),
    })),
    subscriptions: subscriptions.all(),
  };
}

/** Fills an empty database. Raises an Error that lists what is wrong when the object is no snapshot. */
export function restoreSnapshot(
  database: Database,
  subscriptions: SubscriptionStore,
  snapshot: object,
): void {
  const parsed = snapshotSchema.safeParse(snapshot);
  if (!parsed.success) throw new Error(`The snapshot is not valid: ${z.prettifyError(parsed.error)}`);
  for (const saved of parsed.data.companies) {
    const company = new Company(saved.info);
    company.numbers.restore(saved.numbers);
    for (const [name, rows] of Object.entries(saved.tables)) {
      for (const row of rows) database.load(company.table(name), row.id, row.values, row.stamps);
    }
    database.companies.set(company.info.id, company);
  }
  database.continueFrom(parsed.data.rowVersion);
  for (const subscription of parsed.data.subscriptions) subscriptions.put(subscription);
}
