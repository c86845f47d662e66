/** Classification of failed exchanges by table: status and code lead to a cause class and to what may be done next. */
import type { FailureKind } from '../../domain/common/failures.ts';

/** An HTTP status, or how the exchange broke before there was one. */
export type ErrorStatus = number | 'network' | 'timeout';

/**
 * Whether a failed request may be sent again: `always` when the service surely did not carry it out,
 * `ifIdempotent` when that is not known, `no` when a repetition would fail alike.
 */
export type RetryRule = 'no' | 'always' | 'ifIdempotent';

/** One row; conditions left out match everything. */
export interface ErrorRule {
  readonly status?: ErrorStatus;
  /** The service's own error code, or the code of the broken connection such as `ECONNRESET`. */
  readonly code?: string | RegExp;
  readonly message?: RegExp;
  readonly kind: FailureKind;
  readonly retry: RetryRule;
  /** Code of the SyncFailure raised, kebab-case. */
  readonly appCode: string;
  /** What the administrator should do, in one sentence. */
  readonly suggestion: string;
}

/** What is known of a failed exchange. */
export interface ErrorFacts {
  readonly status: ErrorStatus;
  readonly code: string;
  readonly message: string;
}

/** Codes of connections that never came about: nothing was sent, so nothing was carried out. */
const neverSent = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/;

const waitAndSee = 'Nothing: it is tried again. If it stays, look at the health of the service.';
const checkAddress = 'Check the address of the service in the settings and that it can be reached.';

/** Rows after those of an API: what every HTTP service means by a status. */
export const commonRules: readonly ErrorRule[] = [
  row('network', 'transient', 'always', 'connection-failed', checkAddress, neverSent),
  row('network', 'transient', 'ifIdempotent', 'connection-failed', waitAndSee),
  row('timeout', 'transient', 'ifIdempotent', 'request-timed-out', waitAndSee),
  row(401, 'permission', 'no', 'authentication-failed', 'Check the credentials of the app in this service.'),
  row(403, 'permission', 'no', 'permission-missing', 'Give the app the missing right in this service.'),
  row(404, 'config', 'no', 'address-not-found', checkAddress),
  row(408, 'transient', 'ifIdempotent', 'request-timed-out', waitAndSee),
  row(413, 'config', 'no', 'request-too-large', 'Lower the page or batch size.'),
  row(429, 'throttled', 'always', 'throttled', 'Nothing: it is tried again when the service allows it.'),
  row(500, 'transient', 'ifIdempotent', 'service-failed', waitAndSee),
  row(502, 'transient', 'ifIdempotent', 'service-unavailable', waitAndSee),
  row(503, 'transient', 'ifIdempotent', 'service-unavailable', waitAndSee),
  row(504, 'transient', 'ifIdempotent', 'request-timed-out', waitAndSee),
  { kind: 'data', retry: 'no', appCode: 'request-refused', suggestion: 'Read the message of the service.' },
];

function row(
  status: ErrorStatus,
  kind: FailureKind,
  retry: RetryRule,
  appCode: string,
  suggestion: string,
  code?: RegExp,
): ErrorRule {
  return { status, kind, retry, appCode, suggestion, ...(code === undefined ? {} : { code }) };
}

/** The first row that matches, of the API's own rows and then of {@link commonRules}; never raises. */
export function classify(rules: readonly ErrorRule[], facts: ErrorFacts): ErrorRule {
  const found =
    rules.find((rule) => matches(rule, facts)) ?? commonRules.find((rule) => matches(rule, facts));
  if (found === undefined) throw new RangeError('The common error table has no closing row');
  return found;
}

function matches(rule: ErrorRule, facts: ErrorFacts): boolean {
  if (rule.status !== undefined && rule.status !== facts.status) return false;
  if (rule.message !== undefined && !rule.message.test(facts.message)) return false;
  if (rule.code === undefined) return true;
  return typeof rule.code === 'string' ? rule.code === facts.code : rule.code.test(facts.code);
}
