/** Every setting of the app, with its form, its default and what it means (contract section 2). */
import { z } from 'zod';
import { ownershipModels } from '../domain/mappings/catalog.ts';
import type { OrderIntegration } from '../domain/mappings/variants.ts';
import { statisticsColumns } from '../domain/statistics/customerStatistics.ts';
import { flag, nameList, serviceAddress, timeZone, wholeNumber } from './settingTypes.ts';

/** `off` and `false`, `oneWay` and `true` are the same. */
const orderIntegrationWords: Readonly<Record<string, OrderIntegration>> = {
  off: 'off',
  false: 'off',
  oneWay: 'oneWay',
  true: 'oneWay',
  bidirectional: 'bidirectional',
};

const orderIntegration = z
  .string()
  .transform((text) => orderIntegrationWords[text] ?? null)
  .refine((value) => value !== null, 'must be off, oneWay or bidirectional')
  .default('off');

const secret = (description: string) => z.string().optional().meta({ description, secret: true });
const text = (description: string) => z.string().optional().describe(description);

const longestAddress = 2_000;

/** An unknown column is a mistake that would silently write nothing. */
function statisticsColumnList() {
  return z
    .string()
    .optional()
    .transform((text) => text?.split(',').map((name) => name.trim().toLowerCase()))
    .refine(
      (names) => names?.every((name) => statisticsColumns.some((column) => column === name)) ?? true,
      `must name columns among ${statisticsColumns.join(', ')}`,
    )
    .transform((names) => statisticsColumns.filter((column) => names?.includes(column) ?? true));
}

/** Settings by name. An empty value counts as absent. */
export const settingsShape = {
  BUSINESS_CENTRAL_URL: serviceAddress()
    .refine(
      (url) => !/\/api(\/|$)/i.test(url),
      'must end with the environment; the app appends the API route',
    )
    .describe(
      'Business Central up to and including the environment: `https://api.businesscentral.dynamics.com/v2.0/{tenant}/{environment}`.',
    ),
  BUSINESS_CENTRAL_COMPANY: z
    .string('must be set')
    .max(250)
    .describe('Company to synchronise: its id (a GUID) or its name.'),
  BUSINESS_CENTRAL_ACCESS_TOKEN: secret(
    'Fixed bearer token, for local runs and tests only. Absent: the managed identity, or `AZURE_TENANT_ID` with `AZURE_CLIENT_ID` and a secret or certificate.',
  ),
  DATAVERSE_URL: serviceAddress()
    .refine((url) => !URL.canParse(url) || new URL(url).pathname === '/', 'must not contain a path')
    .describe('Dataverse organisation: `https://{org}.crm.dynamics.com`.'),
  DATAVERSE_ACCESS_TOKEN: secret('As `BUSINESS_CENTRAL_ACCESS_TOKEN`, for Dataverse.'),
  AzureWebJobsStorage: secret(
    'Connection string of the storage account of the Functions host; it also holds the app’s tables and queues unless `SYNC_STORAGE` is set. Identity form: `AzureWebJobsStorage__accountName` (or `__tableServiceUri` with `__queueServiceUri`), and `__clientId` for a user-assigned identity.',
  ),
  SYNC_STORAGE: secret(
    'Storage account of the app’s tables and queues when it is another one; the same two forms.',
  ),
  SERVICE_BUS: secret(
    'Connection string of a Service Bus namespace. Identity form: `SERVICE_BUS__fullyQualifiedNamespace`, and `__clientId` for a user-assigned identity. Runs then travel over its queue `sync-runs` instead of a storage queue. The queue must exist, with sessions and duplicate detection (Standard tier); both are chosen when it is made.',
  ),
  NOTIFICATION_URL: serviceAddress()
    .max(longestAddress)
    .optional()
    .describe('Public address of the app, for change notifications. Absent: polling only.'),
  NOTIFICATION_SECRET: z
    .string()
    .min(20, 'must have 20 to 200 characters')
    .max(200, 'must have 20 to 200 characters')
    .optional()
    .meta({
      description:
        'Secret that change notifications carry, 20 to 200 characters. Required with `NOTIFICATION_URL`.',
      secret: true,
    }),
  TICK_MINUTES: wholeNumber(1, 59, 1).describe(
    'How often, in minutes, a timer asks whether its job is due, 1 to 59.',
  ),
  WAKE_ON_DATAVERSE_CHANGE: flag().describe('Whether changes in Sales wake jobs, too.'),
  WAKE_DELAY_SECONDS: wholeNumber(0, 3_600, 30).describe(
    'Seconds between a change notification and the run it causes, 0 to 3600.',
  ),
  OWNERSHIP_MODEL: z
    .enum(ownershipModels, `must be ${ownershipModels.join(' or ')}`)
    .default('person')
    .describe('Who owns records in Sales: `person` (the user coupled to the salesperson) or `team`.'),
  ORDER_INTEGRATION: orderIntegration.describe(
    'How sales orders travel: `off` (also `false`), `oneWay` (also `true`) or `bidirectional`.',
  ),
  AUTO_CREATE_ORDERS: flag().describe('Whether submitted orders of Sales become orders in Business Central.'),
  AUTO_PROCESS_QUOTES: flag().describe(
    'Whether activated quotes of Sales become quotes in Business Central.',
  ),
  ITEM_AVAILABILITY: flag().describe(
    'Whether stock movements are brought to the products of Sales. `GET /api/item-availability` works without it.',
  ),
  WRITE_IN_PRODUCT: z
    .string()
    .regex(/^(item|resource):\S.{0,19}$/, 'must be item:NUMBER or resource:NUMBER')
    .optional()
    .describe('What an order line without a product becomes: `item:NUMBER` or `resource:NUMBER`.'),
  FREIGHT_ACCOUNT: z
    .string()
    .max(20, 'must have at most 20 characters')
    .optional()
    .describe('General ledger account for freight of orders.'),
  STATISTICS_COLUMNS: statisticsColumnList().describe(
    'Columns of `nav_accountstatistics` that are written, separated by commas; all of them when absent. Name and number always are.',
  ),
  STATISTICS_CHECK_HOURS: wholeNumber(0, 8_760, 24).describe(
    'Hours between comparisons of all customer statistics with what Sales holds, 0 (every run) to 8760; between them only what changed in Business Central is looked at.',
  ),
  DISABLED_JOBS: nameList().describe(
    'Jobs that are never scheduled, separated by commas; they can still be run by hand.',
  ),
  MAX_DELETE_PERCENT: wholeNumber(0, 100, 20).describe(
    'A run in which more than this share of a mapping’s couplings lost a side, and at least 10 of them, stops; 0 to 100.',
  ),
  MAPPINGS_DIR: text(
    'Folder with mapping files of your own, see mapping-files.md; bad ones are reported and left out.',
  ),
  RETENTION_DAYS: wholeNumber(1, 3_650, 30).describe(
    'Days the synchronisation log and its errors are kept, 1 to 3650.',
  ),
  TIME_ZONE: timeZone('UTC').describe('IANA time zone of windows and weekdays of jobs.'),
};

/** One setting per job beside the shape: `SCHEDULE_` and the job's name. */
export const schedulePrefix = 'SCHEDULE_';
/** Meaning of these settings. */
export const scheduleDescription =
  'NCRONTAB expression (six fields, UTC) of the timer that asks whether the job is due; `<JOB>` is the job’s name in upper case, other characters than letters and digits as `_`.';

/** What the shape makes of an environment. */
export type SettingValues = z.output<z.ZodObject<typeof settingsShape>>;
