/** Reading JSON answers: malformed ones and unexpected shapes become failures that name the request. */
import { z } from 'zod';
import { SyncFailure } from '../../domain/common/failures.ts';

/** What is read, for messages. */
export interface AnswerContext {
  /** Such as `Business Central`. */
  readonly service: string;
  /** Such as `GET customers`; never a query or a record key. */
  readonly request: string;
  /** True when the request wrote something, so that an unreadable answer leaves its outcome unknown. */
  readonly write?: boolean;
}

/** Parses a body. Raises SyncFailure `malformed-response` (transient), as for an error page of a gateway. */
export function parseJson(text: string, context: AnswerContext): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyncFailure({
      kind: 'transient',
      code: 'malformed-response',
      message: `${context.service} answered ${context.request} with something that is no JSON.`,
      suggestion:
        'Nothing: it is tried again. If it stays, look for a proxy between the app and the service.',
      outcomeUnknown: context.write ?? false,
      cause,
    });
  }
}

/** Checks a value against a shape. Raises SyncFailure `unexpected-response` (transient) listing every problem's place. */
export function readShape<Shape extends z.ZodType>(
  shape: Shape,
  value: unknown,
  context: AnswerContext,
): z.output<Shape> {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${z.core.toDotPath(issue.path)}: ${issue.message}`);
  throw new SyncFailure({
    kind: 'transient',
    code: 'unexpected-response',
    message: `${context.service} answered ${context.request} in an unexpected form (${problems.join('; ')}).`,
    suggestion:
      'If it stays, check that the address belongs to the service and that its version is supported.',
    outcomeUnknown: context.write ?? false,
  });
}
