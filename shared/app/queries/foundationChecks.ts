/** What a test of the connection asks beside rights on tables: pages of the companion app, notifications, the run queue. */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { ChangeSubscriptions } from '../../ports/changeSubscriptions.ts';
import type { Probes } from '../../ports/probes.ts';
import { fitForRun } from '../fitMappings.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { type CheckAnswer, type ConnectionCheck, check } from './connectionReport.ts';

/** What the app stands on, apart from both services. */
export interface Foundations {
  readonly probes: Probes;
  readonly subscriptions: ChangeSubscriptions;
  /** Where notifications of Business Central are to go; null = none are asked for. */
  readonly notificationUrl: string | null;
  /** A text nobody can know beforehand, for the handshake. */
  readonly token: string;
}

/** Checks of what belongs to neither service. Never raises for what is answered. */
export async function foundationChecks(around: Foundations): Promise<readonly ConnectionCheck[]> {
  const checks = await Promise.all([
    check('run-queue', async () => {
      await around.probes.runQueue();
      return { value: true, message: 'Runs can be put on their queue.' };
    }),
    check('notifications', () => notificationsAnswer(around)),
  ]);
  return checks.map((each) => each.check);
}

/** A subscription is refused by Business Central unless the address echoes its token (business-central-api 7.1). */
async function notificationsAnswer(around: Foundations): Promise<CheckAnswer<boolean>> {
  const { notificationUrl, probes, subscriptions, token } = around;
  if (notificationUrl === null) {
    return { value: false, message: 'NOTIFICATION_URL is not set: changes are found by polling.' };
  }
  const { text, problem } = await probes.echo(notificationUrl, token);
  if (text !== token || problem !== '') {
    const reason = problem === '' ? 'it answered with something else than the token' : problem;
    return {
      value: false,
      outcome: 'failed',
      message: `Notifications would not arrive at ${notificationUrl}: ${reason}.`,
      whatToDo:
        'Set NOTIFICATION_URL to the public address of the app; nothing before it may ask for a sign-in or a key there.',
    };
  }
  const present = await subscriptions.list();
  const own = present.filter((one) => one.notificationUrl === notificationUrl).length;
  return {
    value: true,
    message: `Notifications arrive at ${notificationUrl}; ${own} subscriptions send there.`,
  };
}

/** Every page of the companion app that a mapping uses, with the properties used of it. */
function companionSelections(mappings: readonly TableMapping[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { businessCentral, fields } of mappings) {
    const { route, entitySet, extraFields } = businessCentral;
    for (const field of [...fields.map((each) => each.businessCentral), ...extraFields]) {
      const set = field?.entitySet ?? (route === 'companion' ? entitySet : null);
      if (field === null || set === null) continue;
      found.set(set, (found.get(set) ?? new Set()).add(field.property));
    }
  }
  return found;
}

/** Whether the companion app has the pages and properties of this version, and the app may read them. */
export async function companionPagesAnswer(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
): Promise<CheckAnswer<boolean>> {
  const fitted = await Promise.all(mappings.map((mapping) => fitForRun(ports, mapping)));
  const usable = fitted.map(({ mapping }) => mapping).filter(({ enabled }) => enabled);
  const selections = [...companionSelections(usable)];
  const refusals = await Promise.all(
    selections.map(async ([entitySet, properties]) => {
      const refused = await refusalOf(ports, entitySet, [...properties]);
      return refused === null ? [] : [{ entitySet, refused }];
    }),
  );
  const [first, ...others] = refusals.flat();
  if (first === undefined) {
    const message = `The app may read ${selections.length} pages of the companion app, with every field used.`;
    return { value: true, message };
  }
  const names = [first, ...others].map(({ entitySet }) => entitySet).sort();
  return {
    value: false,
    outcome: 'failed',
    message: `${names.join(', ')} of the companion app cannot be read as this version does: ${first.refused.message}`,
    whatToDo:
      'Install the companion app of this release, and give the app the permission set "OS Integration" in Business Central.',
  };
}

async function refusalOf(
  { businessCentral, clock }: SyncPorts,
  entitySet: string,
  properties: readonly string[],
): Promise<SyncFailure | null> {
  const selection = { entitySet, route: 'companion', properties, companions: [] } as const;
  try {
    await businessCentral.readChanges({ selection, modifiedFrom: clock.now(), cursor: null });
    return null;
  } catch (error) {
    if (!(error instanceof SyncFailure) || error.kind === 'bug') throw error;
    return error;
  }
}
