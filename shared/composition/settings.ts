/** Reads the settings of the app from its environment, and lists everything that is wrong with them. */
import { z } from 'zod';
import { SyncFailure } from '../domain/common/failures.ts';
import type { DocumentSettings, WriteInProduct } from '../domain/documents/documentSettings.ts';
import type { OrderIntegration, OwnershipModel } from '../domain/mappings/variants.ts';
import type { StatisticsColumn } from '../domain/statistics/customerStatistics.ts';
import { crossProblems, scheduleProblems, serviceBusProblems, storageProblems } from './settingChecks.ts';
import { type SettingValues, schedulePrefix, settingsShape } from './settingsSchema.ts';
import { type StorageConnection, storageConnectionOf } from './storageConnection.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where one of the two services is, and how to get in. */
export interface ServiceSettings {
  readonly url: string;
  /** Null = the identity of the app. */
  readonly accessToken: string | null;
}

/** All settings, checked. */
export interface Settings {
  readonly businessCentral: ServiceSettings & { readonly company: string };
  readonly dataverse: ServiceSettings;
  /** Settings of the storage accounts as they are; see storageAccountFrom. */
  readonly storage: Environment;
  /** Which storage account holds the queues, as bindings name it. */
  readonly storageConnection: StorageConnection;
  /** Settings of the Service Bus namespace as they are; empty = runs travel over storage queues. See serviceBusFrom. */
  readonly serviceBus: Environment;
  /** Where notifications are to go; null = no subscriptions are made. */
  readonly notification: { readonly url: string; readonly secret: string } | null;
  /** What notifications must carry, also those of subscriptions that others made; null = none is trusted. */
  readonly notificationSecret: string | null;
  /** NCRONTAB expressions by the part of the setting's name after `SCHEDULE_`. */
  readonly schedules: Readonly<Record<string, string>>;
  readonly tickMinutes: number;
  readonly wakeOnDataverseChange: boolean;
  readonly wakeDelaySeconds: number;
  readonly ownershipModel: OwnershipModel;
  readonly orderIntegration: OrderIntegration;
  readonly autoCreateOrders: boolean;
  readonly autoProcessQuotes: boolean;
  readonly itemAvailability: boolean;
  /** `item:NUMBER` or `resource:NUMBER`. */
  readonly writeInProduct: string | null;
  readonly freightAccount: string | null;
  readonly statisticsColumns: readonly StatisticsColumn[];
  readonly statisticsCheckHours: number;
  readonly disabledJobs: readonly string[];
  readonly maxDeletePercent: number;
  readonly mappingsFolder: string | null;
  readonly retentionDays: number;
  readonly timeZone: string;
}

/** Checked settings, or everything that is wrong with them. */
export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings }
  /** One line per problem, each beginning with the setting's name; never a value. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads and checks every setting. Never raises, reads nothing but its argument. */
export function parseSettings(environment: Environment): SettingsResult {
  const given = withoutBlanks(environment);
  const parsed = z.object(settingsShape).safeParse(given);
  const problems = [
    ...(parsed.success ? [] : parsed.error.issues.map(problemLine)),
    ...scheduleProblems(given),
    ...storageProblems(given),
    ...serviceBusProblems(given),
    ...crossProblems(given),
  ];
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  return { ok: true, settings: settingsOf(parsed.data, given) };
}

/** Raised by every invocation while settings are wrong. */
export class InvalidSettings extends SyncFailure {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super({
      kind: 'config',
      code: 'invalid-settings',
      message: `The app cannot work with its settings: ${problems.join('; ')}.`,
      suggestion: 'Correct the settings and start the app again.',
    });
    this.problems = problems;
  }
}

function withoutBlanks(environment: Environment): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    const trimmed = value?.trim() ?? '';
    if (trimmed !== '') given[name] = trimmed;
  }
  return given;
}

/** Messages of the checks themselves, which never repeat a value. */
function problemLine(issue: z.core.$ZodIssue): string {
  return `${String(issue.path[0])}: ${issue.message}`;
}

function settingsOf(values: SettingValues, given: Readonly<Record<string, string>>): Settings {
  const { NOTIFICATION_URL: url, NOTIFICATION_SECRET: secret } = values;
  return {
    businessCentral: {
      url: values.BUSINESS_CENTRAL_URL,
      company: values.BUSINESS_CENTRAL_COMPANY,
      accessToken: values.BUSINESS_CENTRAL_ACCESS_TOKEN ?? null,
    },
    dataverse: { url: values.DATAVERSE_URL, accessToken: values.DATAVERSE_ACCESS_TOKEN ?? null },
    storage: startingWith(given, /^(AzureWebJobsStorage|SYNC_STORAGE)(__|$)/),
    storageConnection: storageConnectionOf(given),
    serviceBus: startingWith(given, /^SERVICE_BUS(__|$)/),
    notification: url === undefined || secret === undefined ? null : { url, secret },
    notificationSecret: secret ?? null,
    schedules: schedulesOf(given),
    ...behaviourOf(values),
  };
}

function behaviourOf(values: SettingValues) {
  return {
    tickMinutes: values.TICK_MINUTES,
    wakeOnDataverseChange: values.WAKE_ON_DATAVERSE_CHANGE,
    wakeDelaySeconds: values.WAKE_DELAY_SECONDS,
    ownershipModel: values.OWNERSHIP_MODEL,
    orderIntegration: values.ORDER_INTEGRATION,
    autoCreateOrders: values.AUTO_CREATE_ORDERS,
    autoProcessQuotes: values.AUTO_PROCESS_QUOTES,
    itemAvailability: values.ITEM_AVAILABILITY,
    writeInProduct: values.WRITE_IN_PRODUCT ?? null,
    freightAccount: values.FREIGHT_ACCOUNT ?? null,
    statisticsColumns: values.STATISTICS_COLUMNS,
    statisticsCheckHours: values.STATISTICS_CHECK_HOURS,
    disabledJobs: values.DISABLED_JOBS,
    maxDeletePercent: values.MAX_DELETE_PERCENT,
    mappingsFolder: values.MAPPINGS_DIR ?? null,
    retentionDays: values.RETENTION_DAYS,
    timeZone: values.TIME_ZONE,
  };
}

function startingWith(given: Readonly<Record<string, string>>, names: RegExp): Record<string, string> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.test(name)));
}

function schedulesOf(given: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(startingWith(given, new RegExp(`^${schedulePrefix}`)));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(schedulePrefix.length), value]));
}

/** What the settings ask for of documents and statistics. */
export function documentSettings(settings: Settings): DocumentSettings {
  const { orderIntegration, autoCreateOrders, autoProcessQuotes, itemAvailability, freightAccount } =
    settings;
  const [type, ...number] = settings.writeInProduct?.split(':') ?? [];
  const writeInProduct: WriteInProduct | null =
    type === undefined ? null : { type: type === 'item' ? 'Item' : 'Resource', number: number.join(':') };
  return {
    orderIntegration,
    autoCreateOrders,
    autoProcessQuotes,
    itemAvailability,
    writeInProduct,
    freightAccount,
    statisticsColumns: settings.statisticsColumns,
    statisticsCheckHours: settings.statisticsCheckHours,
  };
}
