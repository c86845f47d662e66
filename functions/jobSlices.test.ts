/** Which trigger carries out runs, by the settings (contract section 2). */
import { afterEach, expect, it, vi } from 'vitest';

const { registered } = vi.hoisted(() => ({ registered: [] as [string, string, object][] }));

vi.mock('@azure/functions', () => {
  const register = (kind: string) => (name: string, options: object) =>
    registered.push([kind, name, options]);
  return { app: { storageQueue: register('storageQueue'), serviceBusQueue: register('serviceBusQueue') } };
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
  registered.length = 0;
});

it.each<[Readonly<Record<string, string>>, string, object]>([
  [{}, 'storageQueue', { connection: 'AzureWebJobsStorage' }],
  [{ SYNC_STORAGE: 'x' }, 'storageQueue', { connection: 'SYNC_STORAGE' }],
  [
    { SERVICE_BUS: 'not even valid' },
    'serviceBusQueue',
    { connection: 'SERVICE_BUS', isSessionsEnabled: true },
  ],
  [
    { SERVICE_BUS__fullyQualifiedNamespace: 'contoso.servicebus.windows.net', SYNC_STORAGE: 'x' },
    'serviceBusQueue',
    { connection: 'SERVICE_BUS', isSessionsEnabled: true },
  ],
])('with %j runs are carried out by one %s', async (environment, kind, options) => {
  for (const name of ['SERVICE_BUS', 'SERVICE_BUS__fullyQualifiedNamespace', 'SYNC_STORAGE']) {
    vi.stubEnv(name, environment[name] ?? '');
  }
  await import('./jobSlices.ts');
  expect(registered).toEqual([
    [kind, 'job-slices', expect.objectContaining({ ...options, queueName: 'sync-runs' })],
  ]);
});
