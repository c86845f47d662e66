/** Words of scenarios for documents: settings, what users do with quotes and invoices, and lines that must be there. */
import { z } from 'zod';
import { orderIntegrations } from '../../shared/domain/mappings/variants.ts';
import { alias, values } from './schemaValues.ts';

/** Settings of the app, by the names they have there. */
export const documentSettings = z.strictObject({
  ORDER_INTEGRATION: z.enum(orderIntegrations).default('off'),
  AUTO_CREATE_ORDERS: z.boolean().default(false),
  AUTO_PROCESS_QUOTES: z.boolean().default(false),
  /** `item:NUMBER` or `resource:NUMBER`. */
  WRITE_IN_PRODUCT: z
    .string()
    .regex(/^(item|resource):.+$/, 'must be item:NUMBER or resource:NUMBER')
    .optional(),
  FREIGHT_ACCOUNT: z.string().optional(),
});
export type ScenarioSettings = z.infer<typeof documentSettings>;

const as = z.string().min(1).default('alice');

/** Revising closes the quote and makes the draft of the next revision, which `into` names. */
export const reviseStep = z.strictObject({ do: z.literal('revise'), record: alias, into: alias, as });
export const winStep = z.strictObject({ do: z.literal('win'), record: alias, as });
/** Pays a posted invoice, wholly or in part. */
export const payStep = z.strictObject({ do: z.literal('pay'), record: alias, amount: z.number().positive() });

/** Lines of documents in Business Central, in their order: as many as there are, each with what is named of it. */
export const expectedLines = z.record(alias, z.array(values));
