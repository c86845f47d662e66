/** Turns errors of the Service Bus client into SyncFailure; the one place that knows their shapes (platform C-5). */
import { type FailureDetails, SyncFailure } from '../../domain/common/failures.ts';

type Classified = Pick<FailureDetails, 'kind' | 'code' | 'message' | 'suggestion' | 'outcomeUnknown'>;

const accessCodes = [
  'UnauthorizedAccess',
  'CredentialUnavailableError',
  'AuthenticationError',
  'AggregateAuthenticationError',
];
const queueCodes = ['MessagingEntityNotFound', 'MessagingEntityDisabled'];
const busyCodes = ['ServiceBusy', 'QuotaExceeded'];
/** Repeating these as they are cannot succeed. */
const refusalCodes = ['MessageSizeExceeded', 'TypeError', 'ArgumentError', 'InvalidOperationError'];

/** The failure to raise for an error; `what` names the queue. A SyncFailure passes unchanged. */
export function serviceBusFailure(error: unknown, what: string): SyncFailure {
  if (error instanceof SyncFailure) return error;
  return new SyncFailure({ ...classify(codeOf(error), what), cause: error });
}

/** The client's code; else the class of the error; refused links come as plain objects with a condition (C-4). */
function codeOf(error: unknown): string {
  const { code, condition, name }: { code?: unknown; condition?: unknown; name?: unknown } =
    typeof error === 'object' && error !== null ? error : {};
  const known = [code, condition, name].find((one) => typeof one === 'string' && one !== '');
  return String(known ?? 'unknown');
}

function classify(code: string, what: string): Classified {
  const where = `${what} (${code})`;
  if (accessCodes.includes(code)) return denied(where);
  if (queueCodes.includes(code)) return unusable(where);
  if (busyCodes.includes(code)) {
    return {
      kind: 'throttled',
      code: 'service-bus-throttled',
      message: `Service Bus takes no more: ${where}.`,
    };
  }
  if (refusalCodes.includes(code)) {
    return { kind: 'bug', code: 'service-bus-message-refused', message: `A message was refused: ${where}.` };
  }
  return {
    kind: 'transient',
    code: 'service-bus-unavailable',
    message: `Service Bus did not answer as expected: ${where}.`,
    outcomeUnknown: true,
  };
}

function denied(where: string): Classified {
  return {
    kind: 'permission',
    code: 'service-bus-access-denied',
    message: `Service Bus denied access to ${where}.`,
    suggestion:
      'Give the app the roles Azure Service Bus Data Sender and Data Receiver, or correct the connection.',
  };
}

function unusable(where: string): Classified {
  return {
    kind: 'config',
    code: 'service-bus-queue-unusable',
    message: `Service Bus has no ${where} that can be used.`,
    suggestion: 'Create the queue with sessions and duplicate detection, as docs/settings.md says.',
  };
}
