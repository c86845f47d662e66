/** Each thing that can be wrong with an installation is told by `npm run doctor`, with what to do about it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAzurite, startAzurite } from '../azurite/azurite.ts';
import { loadDemoBusinessCentralData } from '../simulators/businessCentral/demoData.ts';
import { startBusinessCentralSimulator } from '../simulators/businessCentral/simulator.ts';
import { loadDemoDataverseData } from '../simulators/dataverse/demoData.ts';
import { startDataverseSimulator } from '../simulators/dataverse/simulator.ts';
import { findProjectFolders } from '../start/projectFolders.ts';
import { runDoctor } from './runDoctor.ts';

const folders = findProjectFolders(import.meta.dirname);
const company = 'CRONUS International Ltd.';
const [administratorRole, userRole] = [
  '8c8d4f51-a72b-e511-80d9-3863bb349780',
  '6f960e32-a72b-e511-80d9-3863bb349780',
];
const systemAdministrator = 'b0de0001-0000-4000-8000-000000000001';

let azurite: RunningAzurite;
beforeAll(async () => {
  azurite = await startAzurite({ log: () => {} });
});
afterAll(() => azurite?.stop());

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});

interface World {
  readonly businessCentral?: Parameters<typeof startBusinessCentralSimulator>[0];
  readonly dataverse?: Parameters<typeof startDataverseSimulator>[0];
  readonly environment?: NodeJS.ProcessEnv;
}

/** Both simulators with demo data, and the doctor run against them after `change`. */
async function doctor(
  world: World = {},
  change: (dataverse: Organisation) => Promise<void> = async () => {},
) {
  const [businessCentral, dataverse] = await Promise.all([
    startBusinessCentralSimulator({
      data: loadDemoBusinessCentralData(folders.businessCentralDemo),
      ...world.businessCentral,
    }),
    startDataverseSimulator({ data: loadDemoDataverseData(folders.dataverseDemo), ...world.dataverse }),
  ]);
  running.push(businessCentral, dataverse);
  await change(organisationAt(dataverse.url));
  const lines: string[] = [];
  const add = (text: string) => void lines.push(text);
  const code = await runDoctor(
    [],
    {
      AzureWebJobsStorage: azurite.connectionString,
      BUSINESS_CENTRAL_URL: businessCentral.url,
      BUSINESS_CENTRAL_COMPANY: company,
      BUSINESS_CENTRAL_ACCESS_TOKEN: 'integration',
      DATAVERSE_URL: dataverse.url,
      DATAVERSE_ACCESS_TOKEN: 'integration',
      ...world.environment,
    },
    { print: add, printError: add, write: () => {}, isTerminal: false, columns: () => 100, rows: () => 24 },
  );
  return { code, lines, problems: lines.filter((line) => line.startsWith('problem')) };
}

/** What an administrator does to the organisation. */
function organisationAt(url: string) {
  const base = `${url}/api/data/v9.2`;
  const send = async (method: string, resource: string, body?: object) => {
    const response = await fetch(`${base}/${resource}`, {
      method,
      headers: { Authorization: 'Bearer administrator', 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${resource}: ${response.status} ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as { value?: Record<string, unknown>[] } & Record<
      string,
      unknown
    >;
  };
  const userId = async () => {
    const { value = [] } = await send('GET', 'systemusers?$select=systemuserid&$filter=accessmode eq 4');
    return String(value[0]?.['systemuserid']);
  };
  const association = async () => `systemusers(${await userId()})/systemuserroles_association`;
  return {
    disableUser: async () =>
      void (await send('PATCH', `systemusers(${await userId()})`, { isdisabled: true })),
    give: async (role: string) =>
      void (await send('POST', `${await association()}/$ref`, { '@odata.id': `${base}/roles(${role})` })),
    take: async (role: string) => void (await send('DELETE', `${await association()}(${role})/$ref`)),
    takePrivilege: async (table: string, right: string) => {
      const { Privileges } = await send(
        'GET',
        `EntityDefinitions(LogicalName='${table}')?$select=Privileges`,
      );
      const found = (Privileges as { PrivilegeId: string; PrivilegeType: string }[]).find(
        ({ PrivilegeType }) => PrivilegeType === right,
      );
      for (const role of [administratorRole, userRole]) {
        const body = { PrivilegeId: found?.PrivilegeId };
        await send('POST', `roles(${role})/Microsoft.Dynamics.CRM.RemovePrivilegeRole`, body);
      }
    },
  };
}
type Organisation = ReturnType<typeof organisationAt>;

/** The one line about a check, and the advice below it. */
function about(lines: readonly string[], check: string) {
  const index = lines.findIndex((line) => line.includes(` ${check}: `));
  return `${lines[index] ?? ''} ${lines[index + 1]?.trim() ?? ''}`;
}

describe('an installation that is right', () => {
  it('has no problem', async () => {
    const { code, lines, problems } = await doctor();
    expect([code, problems]).toEqual([0, []]);
    expect(about(lines, 'security-roles')).toContain(
      'has the roles Integration Administrator, Integration User',
    );
    expect(about(lines, 'privileges')).toMatch(/may read and write all \d\d tables/);
  });
});

describe('the application user (D-152)', () => {
  it.each([
    ['is disabled', (the: Organisation) => the.disableUser(), 'identity', 'USER_DISABLED', 'Enable'],
    [
      'has no role',
      async (the: Organisation) => {
        await the.take(administratorRole);
        await the.take(userRole);
      },
      'security-roles',
      'USER_NO_ROLES',
      'Give it the security role',
    ],
    [
      'is an administrator',
      (the: Organisation) => the.give(systemAdministrator),
      'security-roles',
      'USER_IS_ADMIN',
      'Take the administrator role',
    ],
    [
      'lacks an integration role',
      (the: Organisation) => the.take(userRole),
      'security-roles',
      'USER_ROLES_MISSING',
      'Give it these roles',
    ],
  ])('%s', async (_what, change, check, expected, advice) => {
    const { code, lines, problems } = await doctor({}, change);
    expect(code).toBe(1);
    expect(problems.some((line) => line.includes(check) && line.includes(`(${expected})`))).toBe(true);
    expect(about(lines, check)).toContain(`what to do: ${advice}`);
  });

  it('may read accounts and not write them', async () => {
    const { code, problems } = await doctor({}, (the) => the.takePrivilege('account', 'Write'));
    expect([code, problems]).toEqual([
      1,
      [expect.stringContaining('privileges: The application user lacks privileges: Write on account.')],
    ]);
  });

  it('may not read orders', async () => {
    const environment = { ORDER_INTEGRATION: 'oneWay' };
    const { problems } = await doctor({ environment }, (the) => the.takePrivilege('salesorder', 'Read'));
    expect(problems).toEqual([
      expect.stringContaining(
        'permissions: The records of SALESORDER-ORDER cannot be read: Dataverse answered 403',
      ),
      expect.stringContaining('Read on salesorder; Read on salesorderdetail'),
    ]);
  });
});

describe('tables, columns and currency', () => {
  it('of Dataverse that are not there are told', async () => {
    const { lines, code } = await doctor({ dataverse: { withoutTables: ['nav_accountstatistics'] } });
    expect(about(lines, 'tables')).toMatch(/^warning .*what to do: Install/);
    expect(code).toBe(0);
  });

  it('of the company have to exist in Sales (D-153)', async () => {
    const { lines } = await doctor({ dataverse: { data: null } });
    expect(about(lines, 'base-currency')).toMatch(
      /^warning .*GBP does not exist in Sales yet\. \(LCY_NOT_IN_DATAVERSE\)/,
    );
  });

  it('are not asked for where an organisation does not tell roles', async () => {
    const { lines, problems } = await doctor({ dataverse: { withoutTables: ['role', 'systemuserroles'] } });
    expect(problems).toEqual([]);
    expect(about(lines, 'security-roles')).toContain('does not tell the roles');
  });
});

describe('Business Central', () => {
  it('has no such company', async () => {
    const { code, lines } = await doctor({ environment: { BUSINESS_CENTRAL_COMPANY: 'Nobody Ltd.' } });
    expect(code).toBe(1);
    expect(about(lines, 'Business Central token')).toMatch(/^ok/);
    expect(about(lines, 'Business Central company')).toMatch(
      /^problem .*There is no company "Nobody Ltd\.".*what to do: Set BUSINESS_CENTRAL_COMPANY/,
    );
  });

  it('has no companion app, or one without a page of this version', async () => {
    const without = await doctor({ businessCentral: { companionApp: false } });
    expect(about(without.lines, 'companion-app')).toMatch(/^warning .*not installed.*what to do: Install/);
    const old = await doctor({ businessCentral: { withoutSets: ['resources'] } });
    expect(about(old.lines, 'companion-app')).toMatch(/^warning .*older version/);
  });
});

describe('what the app stands on', () => {
  const nowhere = 'http://127.0.0.1:1';
  it.each([
    [
      'notifications',
      { NOTIFICATION_URL: nowhere, NOTIFICATION_SECRET: 'a secret of more than twenty characters' },
      'NOTIFICATION_URL',
    ],
    [
      'run-queue',
      {
        SERVICE_BUS:
          'Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=a;SharedAccessKey=Yg==;UseDevelopmentEmulator=true;',
      },
      'Service Bus',
    ],
  ])('%s cannot be reached', async (check, environment, text) => {
    const { code, lines, problems } = await doctor({ environment });
    expect([code, problems]).toEqual([1, [expect.stringContaining(` ${check}: `)]]);
    expect(about(lines, check)).toMatch(new RegExp(`${text}|what to do: `));
  });

  it('is storage, whose absence ends the doctor with its reason', async () => {
    const key = 'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=aw==';
    const AzureWebJobsStorage = `${key};TableEndpoint=${nowhere}/a;QueueEndpoint=${nowhere}/a;BlobEndpoint=${nowhere}/a`;
    const { code, lines } = await doctor({ environment: { AzureWebJobsStorage } });
    expect([code, lines.join('\n')]).toEqual([1, expect.stringMatching(/[Ss]torage/)]);
  });
});
