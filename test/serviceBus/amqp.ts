/** The AMQP library as the test broker uses it, and the forms of values Service Bus has of its own (platform C-4). */
import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import type * as Rhea from 'rhea';
import type { AmqpError, Message, Sender } from 'rhea';

/** Loaded by `require`: the package is CommonJS whose members an import by name does not find. */
export const rhea: typeof Rhea = createRequire(import.meta.url)('rhea');

/** What of a link the library's types leave out; a broker needs it to answer an attach later, or with properties. */
export interface LinkInternals {
  readonly local: { readonly attach: Record<string, unknown> };
  readonly state: { local_open: boolean; open_requests: number };
}

/** The members that a link keeps for itself. */
export function internalsOf(link: object): LinkInternals {
  return link as LinkInternals;
}

/** Takes back the answer that the library gives to an attach by itself; `link.open()` gives it later. */
export function holdAttach(link: Sender): void {
  const { state } = internalsOf(link);
  state.local_open = false;
  state.open_requests -= 1;
}

/** A whole number as the 64-bit `long` of AMQP. */
export function long(value: number | bigint): Rhea.Typed {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return rhea.types.wrap_long(bytes);
}

const ticksPerMs = 10_000n;
const epochTicks = 621_355_968_000_000_000n;

/** Milliseconds since 1970 as ticks of .NET: 100 ns since the year 1. */
export function ticks(epochMs: number): Rhea.Typed {
  return long(BigInt(Math.round(epochMs)) * ticksPerMs + epochTicks);
}

/** An error condition of Service Bus. */
export function amqpError(condition: string, description: string): AmqpError {
  return { condition, description } as AmqpError;
}

/** An outcome for a delivery; the library's types name the constructors only in part. */
export function outcome(kind: 'accepted' | 'rejected', error?: AmqpError): unknown {
  const create = (rhea.message as unknown as Record<string, (fields?: object) => { described(): unknown }>)[
    kind
  ];
  return create?.(error === undefined ? undefined : { error }).described();
}

/** A plain text out of a message, or an empty one. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Milliseconds of an annotation that holds a time; null when it is absent. */
export function timeOf(message: Message, annotation: string): number | null {
  const value: unknown = message.message_annotations?.[annotation];
  if (value instanceof Date) return value.getTime();
  return typeof value === 'number' ? value : null;
}
