/** Updates released orders of Business Central: reopen, write, release (D-34, D-90, D-91). */
import type { BusinessCentralRecord, FieldValues } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { orderStatusKey } from '../../domain/mappings/default/orderFields.ts';
import type { ActionPage } from '../../domain/sync/entityRule.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import type { RunScope } from './runScope.ts';

type Outcome = WriteOutcome<BusinessCentralRecord>;

/** What is to be written to one order. */
export interface ReopenedUpdate {
  readonly record: BusinessCentralRecord;
  readonly coupling: Coupling | null;
  readonly values: FieldValues;
}

interface Work extends ReopenedUpdate {
  fresh: BusinessCentralRecord;
  outcome: Outcome | null;
}

/**
 * One outcome each, in order. That an order is going to be released again is stored before it is reopened, so that a later
 * run releases what a crash left open.
 */
export async function updateReopened(
  scope: RunScope,
  page: ActionPage,
  updates: readonly ReopenedUpdate[],
): Promise<readonly Outcome[]> {
  const works = updates.map((update): Work => ({ ...update, fresh: update.record, outcome: null }));
  const released = works.filter(({ record }) => isReleased(record));
  await rememberReopened(scope, released);
  await act(scope, page, 'reopen', released);
  await readFresh(
    scope,
    released.filter(({ outcome }) => outcome === null),
  );
  const open = works.filter(({ outcome }) => outcome === null);
  const { businessCentral } = scope.ports;
  const outcomes = await businessCentral.update(
    scope.selections.businessCentral,
    open.map(({ fresh, values }) => ({ record: fresh, values })),
  );
  for (const [index, work] of open.entries()) work.outcome = outcomes[index] ?? unanswered;
  await release(scope, page, released);
  return works.map(({ outcome }) => outcome ?? unanswered);
}

const unanswered = {
  status: 'unknown',
  message: 'The answer did not tell the outcome.',
} as const satisfies Outcome;

/** Orders that a user works on are open already and stay so. */
function isReleased({ values }: BusinessCentralRecord): boolean {
  return values[orderStatusKey] === 'Released';
}

async function rememberReopened(scope: RunScope, works: readonly Work[]): Promise<void> {
  const writes = works.flatMap(({ coupling }): readonly CouplingWrite[] => {
    if (coupling === null) return [];
    scope.reopened.add(coupling.businessCentralId);
    const waiting = { ...coupling, state: 'pending', toBusinessCentral: null, isReopened: true } as const;
    return [{ kind: 'replace', coupling: waiting }];
  });
  if (writes.length > 0) await scope.ports.couplings.save(scope.mapping.name, writes);
}

async function act(
  { ports }: RunScope,
  page: ActionPage,
  action: 'reopen' | 'release',
  works: readonly Work[],
): Promise<void> {
  if (works.length === 0) return;
  const outcomes = await ports.businessCentral.act(
    { ...page, action },
    works.map(({ record }) => record.id),
  );
  for (const [index, work] of works.entries()) {
    const outcome = outcomes[index] ?? unanswered;
    if (outcome.status !== 'done') work.outcome = outcome;
  }
}

/** Reopening makes another version; what was decided holds only where nothing else changed. */
async function readFresh({ ports, selections }: RunScope, works: readonly Work[]): Promise<void> {
  if (works.length === 0) return;
  const found = await ports.businessCentral.readByIds(
    selections.businessCentral,
    works.map(({ record }) => record.id),
  );
  const byId = new Map<string, BusinessCentralRecord>(found.map((record) => [record.id, record]));
  for (const work of works) {
    const fresh = byId.get(work.record.id);
    if (!fresh) work.outcome = { status: 'missing' };
    else if (!isSame(work.record.values, fresh.values)) work.outcome = { status: 'stale' };
    else work.fresh = fresh;
  }
}

function isSame(before: FieldValues, now: FieldValues): boolean {
  const ignored = ['status', orderStatusKey];
  const names = Object.keys(now).filter((name) => !ignored.includes(name));
  return names.every((name) => now[name] === before[name]);
}

/** Everything that was reopened is released, also where the write was refused; what is not keeps its mark (D-91). */
async function release(scope: RunScope, page: ActionPage, works: readonly Work[]): Promise<void> {
  const reopened = works.filter(({ outcome }) => outcome?.status !== 'missing');
  if (reopened.length === 0) return;
  const outcomes = await scope.ports.businessCentral.act(
    { ...page, action: 'release' },
    reopened.map(({ record }) => record.id),
  );
  for (const [index, work] of reopened.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status === 'done') scope.reopened.delete(work.record.id);
    else if (work.outcome?.status === 'done') work.outcome = outcome ?? unanswered;
  }
}
