/** The `/simulator/...` endpoints both simulators serve: counters, clock and planned faults. No token, not counted. */
import { z } from 'zod';
import type { SimulatorClock } from './clock.ts';
import { type FaultPlan, faultSchema } from './faults.ts';
import type { RequestCounter } from './requestCounter.ts';
import type { SimulatorRequest, SimulatorResponse } from './server.ts';

/** What the admin endpoints show and change. */
export interface AdminSubjects {
  readonly requests: RequestCounter;
  readonly clock: SimulatorClock;
  readonly faults: FaultPlan;
}

const advanceSchema = z.strictObject({ advanceMinutes: z.number().min(0) });
const faultsSchema = z.union([z.array(faultSchema), faultSchema.transform((fault) => [fault])]);

/** The answer to an admin request; null when the path is not one. Never throws on bad input: answers 400. */
export async function handleAdminRequest(
  request: SimulatorRequest,
  subjects: AdminSubjects,
): Promise<SimulatorResponse | null> {
  if (!request.path.startsWith('/simulator/')) return null;
  switch (`${request.method} ${request.path}`) {
    case 'GET /simulator/requests':
      return { status: 200, body: subjects.requests.counts() };
    case 'DELETE /simulator/requests':
      subjects.requests.reset();
      return { status: 204 };
    case 'GET /simulator/clock':
      return clockAnswer(subjects.clock);
    case 'POST /simulator/clock':
      return advanceClock(request, subjects.clock);
    case 'POST /simulator/faults':
      return addFaults(request, subjects.faults);
    case 'DELETE /simulator/faults':
      subjects.faults.clear();
      return { status: 204 };
    default:
      return { status: 404, body: problem(`No admin endpoint ${request.method} ${request.path}.`) };
  }
}

async function advanceClock(request: SimulatorRequest, clock: SimulatorClock): Promise<SimulatorResponse> {
  const parsed = parseBody(request.body, advanceSchema);
  if ('problems' in parsed) return { status: 400, body: problem(parsed.problems) };
  await clock.advance(parsed.value.advanceMinutes * 60_000);
  return clockAnswer(clock);
}

function addFaults(request: SimulatorRequest, faults: FaultPlan): SimulatorResponse {
  const parsed = parseBody(request.body, faultsSchema);
  if ('problems' in parsed) return { status: 400, body: problem(parsed.problems) };
  for (const fault of parsed.value) faults.add(fault);
  return { status: 204 };
}

function clockAnswer(clock: SimulatorClock): SimulatorResponse {
  return { status: 200, body: { now: new Date(clock.now()).toISOString() } };
}

function problem(message: string): object {
  return { error: { code: 'SimulatorAdmin', message } };
}

function parseBody<T>(
  body: string,
  schema: z.ZodType<T>,
): { readonly value: T } | { readonly problems: string } {
  let data: unknown;
  try {
    data = JSON.parse(body);
  } catch {
    return { problems: 'The body is not JSON.' };
  }
  const result = schema.safeParse(data);
  return result.success ? { value: result.data } : { problems: z.prettifyError(result.error) };
}
