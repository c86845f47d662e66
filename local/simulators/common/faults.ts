/** Planned failures: what a simulator does wrong on purpose, so that recovery can be tested. */
import { z } from 'zod';
import type { SimulatorRequest, SimulatorResponse } from './server.ts';

const effectSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('respond'),
    status: z.int().min(100).max(599),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.union([z.record(z.string(), z.unknown()), z.string()]).optional(),
  }),
  z.strictObject({ kind: z.literal('delay'), milliseconds: z.number().min(0) }),
  z.strictObject({ kind: z.literal('dropBefore') }),
  z.strictObject({ kind: z.literal('dropAfter') }),
]);

/** Checks one fault that arrives over HTTP. */
export const faultSchema = z.strictObject({
  method: z.string().optional(),
  path: z.string().optional(),
  skip: z.int().min(0).optional(),
  times: z.int().min(1).optional(),
  effect: effectSchema,
});

/** What happens instead of, before or after carrying a request out. */
export type FaultEffect =
  | {
      readonly kind: 'respond';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>> | undefined;
      readonly body?: object | string | undefined;
    }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The connection breaks and nothing has happened. */
  | { readonly kind: 'dropBefore' }
  /** The request is carried out, then the connection breaks: an unknown outcome for the caller. */
  | { readonly kind: 'dropAfter' };

/** One planned failure. */
export interface Fault {
  readonly method?: string | undefined;
  /** A substring, or the source of a regular expression, of path and query. */
  readonly path?: string | undefined;
  /** Let this many matching requests pass first. */
  readonly skip?: number | undefined;
  /** How many requests it hits; 1 when absent. */
  readonly times?: number | undefined;
  readonly effect: FaultEffect;
}

interface PlannedFault {
  readonly fault: Fault;
  skipLeft: number;
  timesLeft: number;
}

/** The failures planned for a simulator, used up in the order added. */
export class FaultPlan {
  #planned: PlannedFault[] = [];

  add(fault: Fault): void {
    this.#planned.push({ fault, skipLeft: fault.skip ?? 0, timesLeft: fault.times ?? 1 });
  }

  /** Safe to call twice. */
  clear(): void {
    this.#planned = [];
  }

  /** The effect for this request, or null. Uses it up: call once per request. */
  take(request: Pick<SimulatorRequest, 'method' | 'url'>): FaultEffect | null {
    for (const planned of this.#planned) {
      if (!matches(planned.fault, request)) continue;
      if (planned.skipLeft > 0) {
        planned.skipLeft -= 1;
        continue;
      }
      planned.timesLeft -= 1;
      if (planned.timesLeft <= 0) this.#planned = this.#planned.filter((other) => other !== planned);
      return planned.fault.effect;
    }
    return null;
  }
}

function matches(fault: Fault, request: Pick<SimulatorRequest, 'method' | 'url'>): boolean {
  if (fault.method && fault.method.toUpperCase() !== request.method) return false;
  if (!fault.path) return true;
  const target = request.url.pathname + request.url.search;
  return [target, decodedOrSame(target)].some((text) => matchesText(fault.path ?? '', text));
}

function matchesText(pattern: string, text: string): boolean {
  if (text.includes(pattern)) return true;
  try {
    return new RegExp(pattern).test(text);
  } catch {
    return false;
  }
}

function decodedOrSame(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Waits in real time; used for planned delays and simulated latency. */
export function waitMs(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Carries a request out under the plan: at most one fault applies to a request. */
export async function handleUnderFaults(
  plan: FaultPlan,
  request: SimulatorRequest,
  handle: (request: SimulatorRequest) => Promise<SimulatorResponse> | SimulatorResponse,
): Promise<SimulatorResponse> {
  const effect = plan.take(request);
  if (!effect) return handle(request);
  switch (effect.kind) {
    case 'respond':
      return respondWith(effect);
    case 'dropBefore':
      return { status: 0 };
    case 'dropAfter':
      await handle(request);
      return { status: 0 };
    case 'delay':
      await waitMs(effect.milliseconds);
      return handle(request);
  }
}

function respondWith(effect: Extract<FaultEffect, { kind: 'respond' }>): SimulatorResponse {
  const { status, headers, body } = effect;
  return { status, ...(headers ? { headers } : {}), ...(body === undefined ? {} : { body }) };
}
