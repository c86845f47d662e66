/** What each Dataverse error means and whether a request may be repeated (dataverse-web-api sections 14, 15). */
import { z } from 'zod';
import type { ErrorRule } from '../http/errorTable.ts';

/** Codes the adapter itself decides on. */
export const serviceCodes = {
  rowMissing: '0x80040217',
  unknownResource: '0x80060888',
  alternateKeyDuplicate: '0x80060892',
  duplicateDetected: '0x80040333',
  versionStampExpired: '0x80044352',
} as const;

const correctRecord = 'Correct the record and synchronise it again.';
const checkMapping = 'Compare the mapping with the columns of the table in Dataverse.';
const wait = 'Nothing to do: it is tried again by itself.';

const transientRow = { kind: 'transient', retry: 'ifIdempotent', suggestion: wait } as const;
const dataRow = { kind: 'data', retry: 'no', suggestion: correctRecord } as const;
const configRow = { kind: 'config', retry: 'no', suggestion: checkMapping } as const;

const byCode: readonly ErrorRule[] = [
  {
    code: /^0x80040217$/i,
    kind: 'deleted',
    retry: 'no',
    appCode: 'row-missing',
    suggestion: 'Restore the row in Dataverse, or remove the coupling.',
  },
  { ...dataRow, code: /^0x80060891$/i, appCode: 'key-not-found' },
  {
    code: /^0x8004(0220|8306)$/i,
    kind: 'permission',
    retry: 'no',
    appCode: 'permission-missing',
    suggestion: 'Give the security role of the application user the privilege the message names.',
  },
  {
    code: /^0x80040225$/i,
    kind: 'permission',
    retry: 'no',
    appCode: 'user-disabled',
    suggestion: 'Enable the application user in the Power Platform admin center.',
  },
  { ...dataRow, code: /^0x80040237$/i, kind: 'conflict', appCode: 'row-exists' },
  {
    ...dataRow,
    code: /^0x80060892$/i,
    appCode: 'key-taken',
    suggestion: 'Another row has the same key value: change one of the two, or couple that row.',
  },
  {
    ...dataRow,
    code: /^0x80040333$/i,
    appCode: 'duplicate-detected',
    suggestion: 'A duplicate detection rule found a similar row: couple that row, or change the rule.',
  },
  {
    code: /^0x8006088[23]$/i,
    kind: 'conflict',
    retry: 'no',
    appCode: 'row-changed',
    suggestion: wait,
  },
  {
    ...configRow,
    code: /^0x8006088D$/i,
    appCode: 'row-version-off',
    suggestion: 'Turn on optimistic concurrency for the table in Dataverse.',
  },
  { ...configRow, code: /^0x80060888$/i, appCode: 'unknown-resource' },
  { ...configRow, code: /^0x80048d19$/i, appCode: 'body-refused' },
  { ...dataRow, code: /^0x80044331$/i, appCode: 'text-too-long' },
  { ...dataRow, code: /^0x8004(432f|4330)$/i, appCode: 'number-out-of-range' },
  { ...dataRow, code: /^0x8004431A$/i, appCode: 'option-unknown' },
  { ...dataRow, code: /^0x80048408$/i, appCode: 'status-mismatch' },
  { ...dataRow, code: /^0x80040203$/i, appCode: 'argument-refused' },
  { ...dataRow, code: /^0x80040265$/i, appCode: 'plug-in-refused' },
  { ...transientRow, code: /^0x8004415[01]$/i, appCode: 'database-busy' },
  {
    code: /^0x80044352$/i,
    kind: 'transient',
    retry: 'no',
    appCode: 'change-tracking-expired',
    suggestion: 'Nothing to do: the next run reads the whole table.',
  },
  {
    code: /^(0x8007232[126]|-21470159(02|03|98)|-2147015898)$/i,
    kind: 'throttled',
    retry: 'always',
    appCode: 'throttled',
    suggestion: wait,
  },
  { ...dataRow, code: /^0x80043b(05|06|0f|13|14)$/i, appCode: 'product-refused' },
  { ...dataRow, code: /^0x8004(99[2345]9|9939|4a02)$/i, appCode: 'restore-refused' },
];

const byStatus: readonly ErrorRule[] = [
  { ...configRow, status: 405, appCode: 'method-not-allowed' },
  { status: 412, kind: 'conflict', retry: 'no', appCode: 'row-changed', suggestion: wait },
  { ...configRow, status: 501, appCode: 'not-implemented' },
];

/**
 * Codes first, statuses second: the same status carries very different causes (section 19). What a status
 * means everywhere is left to the common rows.
 */
export const dataverseErrorRules: readonly ErrorRule[] = [...byCode, ...byStatus];

const errorBody = z.object({
  error: z.object({ code: z.string().default(''), message: z.string().default('') }),
});

/** Code and message of an error answer; both empty when the body is none of the service's. */
export function readDataverseErrorBody(text: string): {
  readonly code: string;
  readonly message: string;
} {
  try {
    return errorBody.parse(JSON.parse(text)).error;
  } catch {
    return { code: '', message: '' };
  }
}
