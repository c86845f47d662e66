/** Runs one scenario from its initial state to its last step, on a pair of simulators of its own. */
import { ensureCodeJobs } from '../../../shared/app/jobs/ensureJobs.ts';
import type { DocumentSettings } from '../../../shared/domain/documents/documentSettings.ts';
import { startWorld, type World } from '../../engine/world.ts';
import type { Scenario, Step } from '../schema.ts';
import type { ScenarioSettings } from '../schemaDocuments.ts';
import { Aliases } from './aliases.ts';
import type { Difference } from './difference.ts';
import { differenceTable } from './differenceTable.ts';
import { overridden } from './overrides.ts';
import { perform } from './perform.ts';
import { prepare } from './prepare.ts';
import { Pretences, pretendingBusinessCentral, pretendingDataverse } from './pretences.ts';
import { Stage } from './stage.ts';

/**
 * Performs the steps in order and stops at the first that is not as expected. Raises an Error that names the step and
 * sets expected and seen side by side.
 */
export async function runScenario(scenario: Scenario): Promise<void> {
  const { ORDER_INTEGRATION: orderIntegration } = scenario.settings;
  const world = await startWorld({
    demo: false,
    features: { orderIntegration },
    documents: documentsOf(scenario.settings),
    change: (mapping) => overridden(mapping, scenario.mappings),
  });
  try {
    await ensureCodeJobs(world.ports);
    refuseUnknownMappings(world, scenario);
    const stage = stageOf(world);
    await named('initial state', () => prepare(stage, scenario));
    for (const [index, step] of scenario.steps.entries()) {
      const title = `step ${index + 1} of ${scenario.steps.length} (${titleOf(step)})`;
      const differences = await named(title, () => perform(stage, step));
      if (differences.length > 0) throw new Error(differenceReport(title, differences));
    }
    const missed = stage.faults.missed();
    if (missed.length > 0) throw new Error(`Planned failures that never happened: ${missed.join('; ')}`);
  } finally {
    await world.close();
  }
}

function documentsOf(settings: ScenarioSettings): Partial<DocumentSettings> {
  const [type, number] = settings.WRITE_IN_PRODUCT?.split(':') ?? [];
  return {
    orderIntegration: settings.ORDER_INTEGRATION,
    autoCreateOrders: settings.AUTO_CREATE_ORDERS,
    autoProcessQuotes: settings.AUTO_PROCESS_QUOTES,
    writeInProduct: number === undefined ? null : { type: type === 'item' ? 'Item' : 'Resource', number },
    freightAccount: settings.FREIGHT_ACCOUNT ?? null,
  };
}

function stageOf(world: World): Stage {
  const pretences = new Pretences();
  const ports = {
    ...world.ports,
    businessCentral: pretendingBusinessCentral(world.ports.businessCentral, pretences),
    dataverse: pretendingDataverse(world.ports.dataverse, pretences),
  };
  return new Stage({ world, ports, aliases: new Aliases(), pretences });
}

function refuseUnknownMappings({ mappings }: World, scenario: Scenario): void {
  const known = new Set<string>(mappings.map(({ name }) => name));
  const unknown = Object.keys(scenario.mappings).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`There is no table mapping ${unknown.join(', ')}.`);
}

/** What cannot be done is reported with the step it happened in. */
async function named<Result>(title: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${title}: ${reason}`, { cause: error });
  }
}

function titleOf(step: Step): string {
  if (step.do === 'run') return `run ${step.job}`;
  return 'record' in step ? `${step.do} ${step.record}` : step.do;
}

function differenceReport(title: string, differences: readonly Difference[]): string {
  return `${title}: not as expected\n${differenceTable(differences)}`;
}
