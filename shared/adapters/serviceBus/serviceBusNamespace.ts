/** Where runs travel when they travel over Service Bus, from settings in either of their two forms (contract section 2). */
import type { TokenCredential } from '@azure/identity';
import { SyncFailure } from '../../domain/common/failures.ts';

/** A namespace reached with a connection string, or with an identity and no secret. */
export type ServiceBusNamespace =
  | { readonly kind: 'connectionString'; readonly connectionString: string }
  | {
      readonly kind: 'identity';
      /** For example `contoso.servicebus.windows.net`. */
      readonly fullyQualifiedNamespace: string;
      readonly credential: TokenCredential;
    };

type Settings = Readonly<Record<string, string | undefined>>;

/** The name of the setting, as bindings refer to it. */
export const serviceBusConnection = 'SERVICE_BUS';

const namespaceSetting = `${serviceBusConnection}__fullyQualifiedNamespace`;

/** Whether runs are to travel over Service Bus. Needs no valid settings, since triggers are registered in any case. */
export function isServiceBusGiven(settings: Settings): boolean {
  return text(settings, serviceBusConnection) !== null || text(settings, namespaceSetting) !== null;
}

/**
 * Decides how the namespace is reached; null when none is given. A connection string wins over
 * `SERVICE_BUS__fullyQualifiedNamespace`. `credential` is asked only for the identity form, with
 * `SERVICE_BUS__clientId` when a user-assigned identity is named. Raises SyncFailure
 * `service-bus-not-configured` (config) that never repeats a value. Pure apart from `credential`.
 */
export function serviceBusFrom(
  settings: Settings,
  queueName: string,
  credential: (clientId: string | null) => TokenCredential,
): ServiceBusNamespace | null {
  const connectionString = text(settings, serviceBusConnection);
  if (connectionString !== null) return byConnectionString(connectionString, queueName);
  const fullyQualifiedNamespace = text(settings, namespaceSetting);
  if (fullyQualifiedNamespace === null) return null;
  if (!/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i.test(fullyQualifiedNamespace)) {
    throw notConfigured(`${namespaceSetting} must be a host name such as contoso.servicebus.windows.net`);
  }
  const clientId = text(settings, `${serviceBusConnection}__clientId`);
  return { kind: 'identity', fullyQualifiedNamespace, credential: credential(clientId) };
}

function byConnectionString(connectionString: string, queueName: string): ServiceBusNamespace {
  const part = (name: string): string | undefined =>
    new RegExp(`(?:^|;)\\s*${name}=([^;]+)`, 'i').exec(connectionString)?.[1]?.trim();
  const hasKey = part('SharedAccessKeyName') !== undefined && part('SharedAccessKey') !== undefined;
  const isAddressed = /^sb:\/\/[^/]/i.test(part('Endpoint') ?? '');
  if (!isAddressed || !(hasKey || part('SharedAccessSignature') !== undefined)) {
    throw notConfigured(`${serviceBusConnection} is no connection string of a Service Bus namespace`);
  }
  const entity = part('EntityPath');
  if (entity !== undefined && entity !== queueName) {
    throw notConfigured(`${serviceBusConnection} is for another queue than ${queueName}`);
  }
  return { kind: 'connectionString', connectionString };
}

function text(settings: Settings, name: string): string | null {
  return settings[name]?.trim() || null;
}

function notConfigured(problem: string): SyncFailure {
  return new SyncFailure({
    kind: 'config',
    code: 'service-bus-not-configured',
    message: `${problem}.`,
    suggestion: 'Set SERVICE_BUS to a connection string, or SERVICE_BUS__fullyQualifiedNamespace.',
  });
}
