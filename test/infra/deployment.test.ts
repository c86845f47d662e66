/** What is deployed agrees with the code: settings, tables, queues, roles, addresses; nothing is open that need not be. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appRoles } from '../../functions/http/access.ts';
import { signInCheckRoute } from '../../functions/http/signInGuard.ts';
import { mostNotificationBytes } from '../../functions/notifications/receiver.ts';
import {
  businessCentralNotificationRoute,
  dataverseNotificationRoute,
} from '../../functions/notifications/routes.ts';
import { tableNames } from '../../shared/adapters/tableStorage/storeSet.ts';
import { runQueueName } from '../../shared/composition/runTransport.ts';
import { parseSettings } from '../../shared/composition/settings.ts';
import { settingsShape } from '../../shared/composition/settingsSchema.ts';
import { declared, infraFiles, literal, members, nodesOf, resources, root, valueAt } from './bicepFile.ts';

const files = await infraFiles();
const templates = files.filter(({ path }) => path.endsWith('.bicep'));
const read = (...path: readonly string[]) => readFileSync(join(root, ...path), 'utf8');
const file = (path: string) => {
  const found = files.find((each) => each.path === path);
  if (found === undefined) throw new Error(`infra/${path} does not exist.`);
  return found;
};
const one = (type: string) => {
  const [found, ...others] = resources(templates, type);
  if (found === undefined || others.length > 0) throw new Error(`There is not one ${type}.`);
  return found;
};

const settingsType = declared(file('settings.bicep')).get('syncSettings');
const siteTemplate = file('modules/functionApp.bicep');
/** Names of app settings, as written in the objects that are put together for the app. */
const appSettings = [...declared(siteTemplate, 'variable_declaration')]
  .filter(([name]) => /Settings$/.test(name))
  .flatMap(([, node]) => nodesOf(node, 'object_property').map((property) => literal(property.namedChild(0))));

/** Settings that are texts of the deployment itself, or for local runs only. */
const notByType = ['BUSINESS_CENTRAL_ACCESS_TOKEN', 'DATAVERSE_ACCESS_TOKEN', 'SYNC_STORAGE'];
const setByTemplate = ['AzureWebJobsStorage', 'SERVICE_BUS', 'NOTIFICATION_URL', 'NOTIFICATION_SECRET'];

describe('settings of the deployed app', () => {
  it('are all settings of the schema, and no other (contract section 2)', () => {
    if (settingsType === undefined) throw new Error('There is no type syncSettings.');
    const typed = [...members(settingsType).keys()].filter((name) => name !== 'extra');
    const expected = Object.keys(settingsShape).filter(
      (name) => ![...notByType, ...setByTemplate].includes(name),
    );
    expect([...typed].sort()).toEqual([...expected].sort());
    expect(appSettings).toEqual(expect.arrayContaining(expected));
  });

  it('name storage, Service Bus and the notification secret without holding a secret', () => {
    for (const name of setByTemplate) {
      expect(appSettings.filter((each) => each === name || each.startsWith(`${name}__`))).not.toEqual([]);
    }
    const text = siteTemplate.text;
    expect(text).toMatch(/NOTIFICATION_SECRET: '@Microsoft\.KeyVault\(/);
    expect(text).toMatch(/AZURE_CLIENT_SECRET: '@Microsoft\.KeyVault\(/);
  });

  it('leave further names to `extra`, so that schedules and settings of later versions can be given', () => {
    expect(siteTemplate.text).toContain('settings.?extra ?? {}');
    expect(file('environments/production.bicepparam').text).toContain('SCHEDULE_CUSTOMER');
  });

  it.each(['environments/test.bicepparam', 'environments/production.bicepparam'])(
    'of %s are ones the app starts with, at a tick of 5 minutes',
    (path) => {
      const given = declared(file(path)).get('settings');
      if (given === undefined) throw new Error('There are no settings.');
      const values = [...members(given)].filter(([name]) => name !== 'extra');
      const extra = members(given).get('extra');
      const all = [...values, ...(extra ? members(extra) : [])];
      const environment = Object.fromEntries(all.map(([name, node]) => [name, literal(node)]));
      const result = parseSettings({ ...environment, AzureWebJobsStorage__accountName: 'account' });
      expect(result.ok ? result.settings.tickMinutes : result.problems).toBe(5);
    },
  );

  it('come from the azd environment, each by its own name, at a tick of 5 minutes', () => {
    const { text } = file('main.bicepparam');
    expect(text).toContain("TICK_MINUTES: readEnvironmentVariable('TICK_MINUTES', '5')");
    const typed = settingsType === undefined ? [] : [...members(settingsType).keys()];
    for (const name of typed.filter((each) => each !== 'extra')) {
      expect(text).toContain(`${name}: readEnvironmentVariable('${name}'`);
    }
  });

  it('of local.settings.sample.json are ones the app starts with', () => {
    const { Values: values } = JSON.parse(read('local.settings.sample.json')) as {
      Values: Record<string, string>;
    };
    expect(parseSettings(values)).toMatchObject({ ok: true });
    const ofOthers = /^(AZURE_(TENANT_ID|CLIENT_ID|CLIENT_SECRET)|FUNCTIONS_WORKER_RUNTIME)$/;
    expect(Object.keys(values).filter((name) => !(name in settingsShape || ofOthers.test(name)))).toEqual([]);
  });
});

describe('resources', () => {
  it('are the tables and queues of the code', () => {
    const lists = declared(file('modules/storage.bicep'));
    const texts = (name: string) =>
      nodesOf(lists.get(name) ?? one('none'), 'string').map((node) => literal(node));
    expect(texts('tableNames')).toEqual([...tableNames]);
    expect(texts('queueNames')).toEqual([runQueueName, `${runQueueName}-poison`]);
    const queue = one('Microsoft.ServiceBus/namespaces/queues');
    expect(valueAt(queue, 'name')).toBe(runQueueName);
    expect(valueAt(queue, 'properties', 'requiresSession')).toBe('true');
    expect(valueAt(queue, 'properties', 'requiresDuplicateDetection')).toBe('true');
  });

  it.each([
    ['Microsoft.Storage/storageAccounts', 'allowSharedKeyAccess', 'false'],
    ['Microsoft.Storage/storageAccounts', 'allowBlobPublicAccess', 'false'],
    ['Microsoft.Storage/storageAccounts', 'minimumTlsVersion', 'TLS1_2'],
    ['Microsoft.Storage/storageAccounts', 'supportsHttpsTrafficOnly', 'true'],
    ['Microsoft.Storage/storageAccounts/blobServices/containers', 'publicAccess', 'None'],
    ['Microsoft.ServiceBus/namespaces', 'disableLocalAuth', 'true'],
    ['Microsoft.ServiceBus/namespaces', 'minimumTlsVersion', '1.2'],
    ['Microsoft.Insights/components', 'DisableLocalAuth', 'true'],
    ['Microsoft.KeyVault/vaults', 'enableRbacAuthorization', 'true'],
    ['Microsoft.KeyVault/vaults', 'enablePurgeProtection', 'true'],
    ['Microsoft.Web/sites', 'httpsOnly', 'true'],
  ])('%s has %s %s', (type, property, value) => {
    expect(valueAt(one(type), 'properties', property)).toBe(value);
  });

  it('take no user name and password for deployments', () => {
    const policies = resources(templates, 'Microsoft.Web/sites/basicPublishingCredentialsPolicies');
    expect(policies.map((node) => [valueAt(node, 'name'), valueAt(node, 'properties', 'allow')])).toEqual([
      ['ftp', 'false'],
      ['scm', 'false'],
    ]);
  });

  it('give no key or secret to a template or an output', () => {
    for (const { path, text, tree } of templates) {
      expect(
        `${path} ${/\blist(Keys|Secrets|AccountSas|ServiceSas)\b|\.getSecret\(/.exec(text)?.[0] ?? ''}`,
      ).toBe(`${path} `);
      for (const output of nodesOf(tree, 'output_declaration')) {
        expect(output.text).not.toMatch(/secret|password|connectionstring|\bkey\b|sas\b|instrumentation/i);
      }
    }
  });
});

/** What the code reaches, by what it imports or registers, and the role it takes. */
const uses = [
  ['@azure/data-tables', '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3', 'Storage Table Data Contributor'],
  ['@azure/storage-queue', '974c5e8b-45b9-4653-ba55-5f855dd0fb88', 'Storage Queue Data Contributor'],
  ['app.timer', 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b', 'Storage Blob Data Owner (locks of timers)'],
  ['@azure/service-bus', '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39', 'Service Bus Data Sender'],
  ['app.serviceBusQueue', '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0', 'Service Bus Data Receiver'],
] as const;
/** What the platform does with the app's identity. */
const platformRoles = [
  ['APPLICATIONINSIGHTS_AUTHENTICATION_STRING', '3913510d-42f4-4e42-8a64-420c390055eb', 'Metrics Publisher'],
  ['@Microsoft.KeyVault', '4633458b-17de-408a-b874-0445c86b69e6', 'Key Vault Secrets User'],
] as const;
/** Of who deploys, not of the app. */
const deployerRole = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7';

function sourceText(): string {
  return ['shared', 'functions']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
        .map((name) => read(folder, name)),
    )
    .join('\n');
}

describe('bodies of requests', () => {
  it('are limited by the host above what the app takes, so that the app can answer as the services need it', () => {
    const limit = Number(/FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '(\d+)'/.exec(siteTemplate.text)?.[1]);
    expect(limit).toBeGreaterThan(mostNotificationBytes);
    expect(limit).toBeLessThan(100 * 1_048_576);
  });
});

describe('roles of the app', () => {
  const assigned = new Set(
    templates.flatMap(({ tree }) => nodesOf(tree, 'string').map((node) => literal(node))),
  );
  const code = sourceText();

  it.each(uses)('%s needs %s (%s)', (use, role) => {
    expect(code).toContain(use);
    expect(assigned).toContain(role);
  });

  it.each(platformRoles)('%s needs %s (%s)', (use, role) => {
    expect(siteTemplate.text).toContain(use);
    expect(assigned).toContain(role);
  });

  it('are no more than that', () => {
    const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    const needed = [...uses, ...platformRoles].map(([, role]) => role);
    expect([...assigned].filter((text) => guid.test(text)).sort()).toEqual([...needed, deployerRole].sort());
  });

  it('are given on one resource each, never on the group or the subscription', () => {
    const assignments = resources(templates, 'Microsoft.Authorization/roleAssignments');
    expect(assignments.length).toBeGreaterThan(4);
    for (const node of assignments)
      expect(valueAt(node, 'scope') ?? /scope: \w+/.exec(node.text)).not.toBeNull();
  });
});

describe('sign-in', () => {
  const authentication = resources(templates, 'Microsoft.Web/sites/config').find(
    (node) => valueAt(node, 'name') === 'authsettingsV2',
  );
  if (authentication === undefined) throw new Error('There is no authsettingsV2.');

  it('leaves notifications and keys to the app', () => {
    for (const path of [businessCentralNotificationRoute, dataverseNotificationRoute, 'api/key-check']) {
      expect(siteTemplate.text).toContain(`'/${path}'`);
    }
  });

  it('stands before the address at which the app tries whether it takes forged marks off', () => {
    expect(siteTemplate.text).not.toContain(signInCheckRoute);
    expect(valueAt(authentication, 'properties', 'platform', 'enabled')).toBe('true');
    expect(
      valueAt(authentication, 'properties', 'globalValidation', 'unauthenticatedClientAction'),
    ).toContain('AllowAnonymous');
  });

  it('registers the three app roles of the contract (section 3)', () => {
    const roles = JSON.parse(read('infra', 'appRoles.json')) as readonly { id: string; value: string }[];
    const values = roles.map(({ value }) => value);
    expect(values).toEqual(['Sync.Read', 'Sync.Manage', 'ItemAvailability.Read']);
    expect(values).toEqual(expect.arrayContaining([...appRoles]));
    expect(new Set(roles.map(({ id }) => id)).size).toBe(3);
  });
});
