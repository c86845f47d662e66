/** What Business Central's errors mean: its rows of the error table and its error body (business-central-api section 5). */
import { z } from 'zod';
import type { FailureKind } from '../../domain/common/failures.ts';
import type { ErrorRule } from '../http/errorTable.ts';
import type { ServiceError } from '../http/refusal.ts';

const correctRecord = 'Correct the record as the message says, then retry.';
const checkMapping = 'Check the properties of the table mapping against the API of this Business Central.';
const checkPermissions =
  'Give the app the permission sets it needs on the page Microsoft Entra Applications.';
const checkCompany = 'Set BUSINESS_CENTRAL_COMPANY to the id or name of a company of this environment.';
const checkCompanion = 'Install the companion app in Business Central, in the version this release needs.';
const reportBug = 'Report this message: the app sent a request Business Central does not allow.';

const unknownProperty = /does not exist on type|could not find a property/i;

/** Rows of Business Central; what they leave open the common rows decide. */
export const businessCentralRules: readonly ErrorRule[] = [
  row(400, /^Internal_EntityWithSameKeyExists$/, 'data', 'record-exists', correctRecord),
  row(400, /^Internal_CompanyNotFound$/, 'config', 'company-not-found', checkCompany),
  row(400, /^(Application_|Internal_)/, 'data', 'record-refused', correctRecord),
  row(400, /^BadRequest_InvalidOperation$/, 'config', 'property-read-only', checkMapping),
  { ...row(400, /^BadRequest/, 'config', 'property-not-found', checkMapping), message: unknownProperty },
  row(
    400,
    /^BadRequest_(InvalidToken|InvalidRequestUrl|MethodNotImplemented)$/,
    'bug',
    'bad-request',
    reportBug,
  ),
  row(400, /^Unknown$/, 'bug', 'batch-refused', reportBug),
  row(400, /^/, 'data', 'record-refused', correctRecord),
  row(401, /^/, 'permission', 'authentication-failed', checkPermissions),
  row(403, /^/, 'permission', 'permission-missing', checkPermissions),
  row(404, /^Internal_CompanyNotFound$/, 'config', 'company-not-found', checkCompany),
  row(404, /^/, 'config', 'entity-set-not-found', checkCompanion),
  row(405, /^/, 'config', 'entity-set-read-only', checkMapping),
  row(409, /^/, 'conflict', 'record-changed', 'Nothing: the record is read again and compared anew.'),
  row(412, /^/, 'conflict', 'record-changed', 'Nothing: the record is read again and compared anew.'),
];

function row(
  status: number,
  code: RegExp,
  kind: FailureKind,
  appCode: string,
  suggestion: string,
): ErrorRule {
  return { status, code, kind, retry: 'no', appCode, suggestion };
}

const errorShape = z.object({
  error: z.object({ code: z.string().catch(''), message: z.string().catch('') }),
});

const correlationId = /\s*CorrelationId:\s*[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.?/gi;

/** Code and message of a parsed error body, without correlation id; empty texts when it has another form. */
export function readErrorObject(body: unknown): ServiceError {
  const parsed = errorShape.safeParse(body);
  if (!parsed.success) return { code: '', message: '' };
  const { code, message } = parsed.data.error;
  return { code, message: message.replace(correlationId, '').trim() };
}

/** Code and message of an error body as text; gateways answer without JSON, which gives empty texts. */
export function readErrorBody(text: string): ServiceError {
  try {
    return readErrorObject(JSON.parse(text));
  } catch {
    return { code: '', message: '' };
  }
}
