/** Aliases and field values as scenario files write them. */
import { z } from 'zod';

/** The name a scenario gives a record; both sides of a coupled pair share it. */
export const alias = z.string().regex(/^[a-z][a-zA-Z0-9]*$/, 'is no alias: letters and digits, small first');

/** Text too long to write out; expands to `repeat`, `times` times. */
const repeated = z.strictObject({ repeat: z.string().min(1), times: z.number().int().min(1).max(5_000_000) });

/** For expectations: a text that matches, or a number that is as near as its decimals tell. */
const loose = z.union([
  z.strictObject({ matches: z.string().min(1) }),
  z.strictObject({ near: z.number(), decimals: z.number().int().min(0).max(12) }),
]);

/** A value; texts that begin with `@` name another record (README, References). */
export const scenarioValue = z.union([z.string(), z.number(), z.boolean(), z.null(), repeated, loose]);
export type ScenarioValue = z.infer<typeof scenarioValue>;

/** Values by property (`city`, `customerExtras/faxNumber`) or by logical name of the column (`address1_city`). */
export const values = z.record(z.string(), scenarioValue);
export type ScenarioValues = z.infer<typeof values>;
