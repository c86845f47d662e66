/** Performs one step of a scenario and tells every difference from what it expects. */
import type { Fault } from '../../../local/simulators/common/faults.ts';
import { unreachable } from '../../../shared/domain/common/failures.ts';
import type { FaultStep, Step } from '../schema.ts';
import type { Difference } from './difference.ts';
import { runDifferences, stateDifferences } from './expectations.ts';
import { overridden } from './overrides.ts';
import { createRecord, deleteRecord, editRecord, reserveEdit, shownValues } from './records.ts';
import { runJob } from './run.ts';
import { quotes, type Stage } from './stage.ts';

const nothing: readonly Difference[] = [];

/** Only `run` and `check` can differ; whatever cannot be done at all raises. */
export async function perform(stage: Stage, step: Step): Promise<readonly Difference[]> {
  switch (step.do) {
    case 'run':
      return runDifferences(stage, step.job, step.expect, await runJob(stage, step.job, step.trigger));
    case 'check':
      return stateDifferences(stage, step.expect);
    case 'advanceMinutes':
      await stage.world.advanceMinutes(step.minutes);
      return nothing;
    default:
      act(stage, step);
      return nothing;
  }
}

function act(stage: Stage, step: Exclude<Step, { do: 'run' | 'check' | 'advanceMinutes' }>): void {
  switch (step.do) {
    case 'edit':
      editRecord(stage, {
        alias: step.record,
        side: step.side,
        values: step.changes,
        user: step.as,
      });
      break;
    case 'create':
      createRecord(stage, stage.placeOf(step.in), {
        alias: step.record,
        side: step.side,
        values: step.values,
        user: step.as,
      });
      break;
    case 'delete':
      deleteRecord(stage, step.record, step.side, step.as);
      break;
    case 'deleteMany':
      deleteMany(stage, step);
      break;
    case 'revise':
      reviseQuote(stage, step);
      break;
    case 'win':
      stage.world.dataverse.winQuote(stage.aliases.idOn(step.record, 'dataverse'), step.as);
      break;
    case 'pay':
      payInvoice(stage, step);
      break;
    case 'reserve':
      reserveEdit(stage, step.name, {
        alias: step.record,
        side: step.side,
        values: step.changes,
        user: step.as,
      });
      break;
    case 'commit':
      commit(stage, step.name);
      break;
    case 'pretend':
      pretend(stage, step);
      break;
    case 'fault':
      stage.faults.plan(stage.world[step.side].faults, faultOf(step));
      break;
    case 'configure':
      configure(stage, step);
      break;
    default:
      unreachable(step);
  }
}

function reviseQuote(stage: Stage, { record, into, as }: Extract<Step, { do: 'revise' }>): void {
  const draft = stage.world.dataverse.reviseQuote(stage.aliases.idOn(record, 'dataverse'), as);
  stage.aliases.name(into, quotes, { dataverseId: String(draft['quoteid']) });
}

function payInvoice({ aliases, world }: Stage, { record, amount }: Extract<Step, { do: 'pay' }>): void {
  const posted = world.businessCentral.record(
    aliases.get(record).entitySet,
    aliases.idOn(record, 'businessCentral'),
  );
  world.businessCentral.payInvoice(String(posted?.['number']), amount);
}

function deleteMany(stage: Stage, step: Extract<Step, { do: 'deleteMany' }>): void {
  for (let number = 1; number <= step.count; number += 1)
    deleteRecord(stage, step.prefix + String(number), step.side, step.as);
}

function configure(stage: Stage, step: Extract<Step, { do: 'configure' }>): void {
  stage.mappings = stage.mappings.map((mapping) => overridden(mapping, step.mappings));
}

function commit(stage: Stage, name: string): void {
  const reserved = stage.reserved.get(name);
  if (!reserved) throw new Error(`Nothing is reserved under "${name}".`);
  stage.reserved.delete(name);
  reserved.commit();
}

function pretend(
  stage: Stage,
  { record, side, values, neverStamped }: Extract<Step, { do: 'pretend' }>,
): void {
  stage.pretences.add(stage.aliases.idOn(record, side), {
    values: shownValues(stage, record, side, values ?? {}),
    ...(neverStamped === undefined ? {} : { neverStamped }),
  });
}

function faultOf({ method, path, skip, times, effect }: FaultStep): Fault {
  return { method, path, skip, times, effect };
}
