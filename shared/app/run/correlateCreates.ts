/** Finds the Business Central records that creates of unknown outcome may have made (DESIGN, Idempotent writes). */
import { earlier, type Instant, shift } from '../../domain/common/instants.ts';
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import type { CreateIntent } from '../../domain/couplings/coupling.ts';
import { likeness } from '../../domain/sync/correlate.ts';
import type { BusinessCentralSelection } from '../../ports/businessCentral.ts';
import type { RunScope } from './runScope.ts';

/** The clocks of the two systems may differ; a create is looked for from this long before it was begun (E-48). */
const clockToleranceMs = 10 * 60_000;

/** An intent with the uncoupled records that could be what it made. */
export interface Recognised {
  readonly intent: CreateIntent;
  /** Records that hold everything that was sent. */
  readonly same: readonly BusinessCentralRecord[];
  /** Records of the name that was sent, edited since or another's: a user has to tell. */
  readonly similar: readonly BusinessCentralRecord[];
}

/** Looks for what the creates of these intents made, in one read for all of them. */
export async function recogniseCreates(
  scope: RunScope,
  intents: readonly CreateIntent[],
): Promise<readonly Recognised[]> {
  const [first, ...rest] = intents.map(({ startedAt }) => startedAt);
  if (first === undefined) return [];
  const records = await uncoupledSince(scope, shift(rest.reduce(earlier, first), -clockToleranceMs), intents);
  const { mapping, digest } = scope;
  return intents.map((intent) => {
    const like = records.map((record) => [likeness(mapping, digest, intent.sent, record), record] as const);
    const of = (wanted: string) => like.filter(([how]) => how === wanted).map(([, record]) => record);
    return { intent, same: of('same'), similar: of('similar') };
  });
}

async function uncoupledSince(
  scope: RunScope,
  modifiedFrom: Instant,
  intents: readonly CreateIntent[],
): Promise<readonly BusinessCentralRecord[]> {
  const { ports, mapping, state } = scope;
  const selection = selectionOf(scope, intents);
  const records: BusinessCentralRecord[] = [];
  let cursor: string | null = null;
  do {
    const page = await ports.businessCentral.readChanges({ selection, modifiedFrom, cursor });
    records.push(...page.records);
    cursor = page.next;
  } while (cursor !== null);
  const ids = records.map((record) => record.id);
  const couplings = await ports.couplings.byBusinessCentralIds(mapping.name, ids, state.coupledCount);
  const coupled = new Set<string>(couplings.map((coupling) => coupling.businessCentralId));
  return records.filter((record) => !coupled.has(record.id));
}

/** The main set with every property a create sent, so that all of them can be compared. */
function selectionOf({ selections }: RunScope, intents: readonly CreateIntent[]): BusinessCentralSelection {
  const { businessCentral } = selections;
  const sent = intents.flatMap((intent) => Object.keys(intent.sent));
  return {
    ...businessCentral,
    properties: [...new Set([...businessCentral.properties, ...sent])],
    companions: [],
  };
}
