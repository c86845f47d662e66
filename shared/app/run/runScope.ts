/** Everything one run of one mapping works with; built once per run. */
import type { PassDirection, Side } from '../../domain/common/directions.ts';
import type { BusinessCentralId, DataverseId, MappingName, RunId } from '../../domain/common/ids.ts';
import { type Instant, shift } from '../../domain/common/instants.ts';
import type { Coupling, CreateIntent } from '../../domain/couplings/coupling.ts';
import type { ReportedDeletions } from '../../domain/jobs/jobQueueEntry.ts';
import type { RetryRecord } from '../../domain/logs/retryRecord.ts';
import type { RunTrigger } from '../../domain/logs/syncJob.ts';
import { entityRuleOf } from '../../domain/mappings/catalog.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { claiming } from '../../domain/sync/claimRow.ts';
import type { EntityRule } from '../../domain/sync/entityRule.ts';
import type { FirstTimeRule, PlannedAction, RunManner } from '../../domain/sync/planTypes.ts';
import type { RecordProblem } from '../../domain/sync/problems.ts';
import { businessCentralFilter, dataverseFilter, type RecordFilter } from '../../domain/sync/recordFilter.ts';
import type { DocumentState } from '../../domain/sync/stateSteps.ts';
import type { BusinessCentralSelection } from '../../ports/businessCentral.ts';
import type { DataverseIdentity, DataverseSelection } from '../../ports/dataverse.ts';
import type { MappingState } from '../../ports/mappingStore.ts';
import { RequestMeter } from '../../ports/requestMeter.ts';
import type { Digest } from '../../ports/system.ts';
import { optionRows } from '../options/optionRows.ts';
import { OptionSet } from '../options/optionSet.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { CompanyBook } from './companyBook.ts';
import { CompanyRelations } from './companyRelations.ts';
import type { HeldLease } from './lease.ts';
import { LookupBook } from './lookupBook.ts';
import { nowhere, RunLog } from './runLog.ts';
import { businessCentralSelection, dataverseSelection } from './selections.ts';
import { UnitBook } from './unitBook.ts';

/** Records a run is about; each pass takes those of its source side, and is left out when there are none. */
export interface ChosenRecords {
  readonly businessCentral: readonly BusinessCentralId[];
  readonly dataverse: readonly DataverseId[];
  /** Whether they must pass the mapping's filter like any other (E-23); records a user names need not (E-126). */
  readonly withinFilter: boolean;
}

/** What is asked of a run. */
export interface RunRequest {
  readonly job: string;
  readonly mapping: MappingName;
  readonly runId: RunId;
  readonly trigger: RunTrigger;
  /** Uncoupled records are left alone; a full synchronisation creates their counterparts (E-20, E-137). */
  readonly onlyCoupled: boolean;
  /** Reads everything instead of what changed since the watermarks (E-131, E-137). */
  readonly fromScratch: boolean;
  readonly firstTime: FirstTimeRule;
  readonly manner: RunManner;
  /** Coupled records count as changed even when they are not, so that the target is compared, too (E-131). */
  readonly assumeChanged: boolean;
  /** Skipped records take part: a user decided about them (E-60, E-144). */
  readonly liftsSkip?: boolean;
  /** Only these records, whatever the watermarks say; null for all that changed (E-23, E-126). */
  readonly chosen: ChosenRecords | null;
  /** Records of Business Central that are said to be gone; whether they are is looked up. Absent = none. */
  readonly reportedDeletions?: ReportedDeletions;
  /** Plans and writes nothing, neither to a system nor to storage. */
  readonly dryRun: boolean;
}

/** What is known about creates whose intent stands. */
export interface BegunCreates {
  /** True when intents may stand at the end of the run: some did before, or this run sent creates. */
  mayStand: boolean;
  /** Intents that stood when the run began; read once, and only when an earlier run may have left some. */
  before(): Promise<readonly CreateIntent[]>;
}

/** What is known about records that wait to be tried again. */
export interface KnownRetries {
  /** True when some may wait at the end of the run: some did before, or this run met failures. */
  mayStand: boolean;
  /**
   * What failed before this run; read once, before the first pass, and only when something may wait. A record that the
   * first pass makes skipped is still met, and counted as skipped, by the second (E-38).
   */
  before(): Promise<RetryList>;
}

/** The retry list of a mapping: coupled records that failed or wait, and failed records without a coupling. */
export interface RetryList {
  readonly unsettled: readonly Coupling[];
  readonly entries: readonly RetryRecord[];
}

export interface RunScope {
  /** Of an option mapping, `dataverse` gives options as rows. */
  readonly ports: SyncPorts;
  /** The options of an option mapping; null for a table mapping. */
  readonly options: OptionSet | null;
  readonly request: RunRequest;
  readonly mapping: TableMapping;
  readonly allMappings: readonly TableMapping[];
  readonly rule: EntityRule;
  readonly filters: { readonly businessCentral: RecordFilter; readonly dataverse: RecordFilter };
  readonly selections: {
    readonly businessCentral: BusinessCentralSelection;
    readonly dataverse: DataverseSelection;
  };
  readonly meters: { readonly businessCentral: RequestMeter; readonly dataverse: RequestMeter };
  readonly identity: DataverseIdentity;
  readonly companyId: string;
  /** Our company's row in Dataverse, which rows are stamped with (E-88). */
  readonly company: CompanyBook;
  /** Customers and vendors behind company contacts. */
  readonly relations: CompanyRelations;
  readonly digest: Digest;
  /** Digest of what decides which records take part, and which of their values. */
  readonly definition: string;
  readonly lookups: LookupBook;
  readonly units: UnitBook;
  /** Actions of a dry run, in order. */
  readonly planned: PlannedAction[];
  /** Inserts planned so far, by pass; keeps generated codes apart. */
  readonly insertOrdinals: Record<PassDirection, number>;
  /** Creates in Business Central that an earlier run began, or this one sent. */
  readonly begunCreates: BegunCreates;
  /** Where the rows of the synchronisation log go. */
  readonly log: RunLog;
  /** Business Central ids of couplings this run found without a side; each is judged once. */
  readonly lostMet: Set<string>;
  readonly retries: KnownRetries;
  /** Where documents that this run opened are to end, by Business Central id (D-21). */
  readonly openEnds: Map<string, DocumentState>;
  /** Ids of orders that this run reopened in Business Central and could not release yet (D-91). */
  readonly reopened: Set<string>;
  /** Why orders that an earlier run left open could not be released by this one either, by Business Central id (D-91). */
  readonly unreleased: Map<string, RecordProblem>;
  /** Synchronises records of another mapping: those this one's refer to (E-66), or lines of its headers (E-105). */
  synchroniseOther(mapping: MappingName, side: Side, ids: readonly string[]): Promise<void>;
  /** When the run's time slice is used up. */
  readonly sliceEnd: Instant;
  /** Null for a dry run, which writes nothing and needs no lease. */
  readonly lease: HeldLease | null;
  /** State of the mapping when the run began; null-ed watermarks when everything is read. */
  readonly state: MappingState;
}

/** Ports whose requests to both services are counted. */
export interface MeteredPorts {
  readonly ports: SyncPorts;
  readonly meters: RunScope['meters'];
}

/** The same ports with meters of their own. */
export function meteredPorts(ports: SyncPorts): MeteredPorts {
  const meters = { businessCentral: new RequestMeter(), dataverse: new RequestMeter() };
  const businessCentral = ports.businessCentral.metered(meters.businessCentral);
  return {
    meters,
    ports: { ...ports, businessCentral, dataverse: ports.dataverse.metered(meters.dataverse) },
  };
}

/** Builds the scope. Raises SyncFailure when a connection, the mapping's filter or its rule does not work. */
export async function openRunScope(
  { ports: outer, meters }: MeteredPorts,
  allMappings: readonly TableMapping[],
  mapping: TableMapping,
  request: RunRequest,
  held: { readonly state: MappingState; readonly lease: HeldLease | null },
  synchroniseOther: RunScope['synchroniseOther'],
): Promise<RunScope> {
  const { state, lease } = held;
  const { dataverse } = outer;
  const options = mapping.kind === 'option' ? new OptionSet(dataverse, mapping) : null;
  const metered: SyncPorts = {
    ...outer,
    dataverse: options ? optionRows(dataverse, mapping, options) : dataverse,
  };
  const [company, identity, digestKey, table] = await Promise.all([
    metered.businessCentral.company(),
    metered.dataverse.whoAmI(),
    metered.mappings.digestKey(),
    metered.dataverse.table(mapping.dataverse.table),
  ]);
  const digest = metered.digestWith(digestKey);
  const definition = digest(definitionText(mapping));
  const isRedefined = state.definition !== null && state.definition !== definition;
  const scratch = {
    businessCentralWatermark: null,
    businessCentralSettledUntil: null,
    businessCentralReadAt: null,
    dataversePosition: null,
    dataversePositionAt: null,
  };
  return {
    ports: metered,
    options,
    request,
    mapping,
    allMappings,
    rule: claiming(mapping, entityRuleOf(mapping)),
    filters: {
      businessCentral: businessCentralFilter(mapping.businessCentral.filter),
      dataverse: dataverseFilter(mapping.dataverse.filter),
    },
    selections: {
      businessCentral: businessCentralSelection(mapping),
      dataverse: dataverseSelection(mapping, table),
    },
    meters,
    identity,
    companyId: company.id,
    // Options of a column carry neither company nor owner, whatever their table does.
    company: new CompanyBook(metered, company, options ? { ...table, attributes: {} } : table, {
      mayWrite: !request.dryRun,
    }),
    relations: new CompanyRelations(metered, allMappings),
    digest,
    definition,
    lookups: new LookupBook(metered, allMappings, { companyId: company.id, mayWrite: !request.dryRun }),
    units: new UnitBook(metered),
    planned: [],
    insertOrdinals: { toDataverse: 0, toBusinessCentral: 0 },
    lease,
    sliceEnd: shift(metered.clock.now(), metered.policy.sliceMs),
    log: new RunLog(request.dryRun ? nowhere : metered.logs, mapping.name),
    lostMet: new Set(),
    openEnds: new Map(),
    reopened: new Set(),
    unreleased: new Map(),
    synchroniseOther,
    retries: knownRetries(metered, state),
    begunCreates: begunCreatesOf(metered, mapping.name, state.mayHaveLeftovers),
    state: request.fromScratch || isRedefined ? { ...state, ...scratch } : state,
  };
}

function knownRetries(ports: SyncPorts, state: MappingState): KnownRetries {
  let list: Promise<RetryList> | null = null;
  const known: KnownRetries = {
    mayStand: false,
    before: () => {
      list ??= state.mayHaveRetries || state.mayHaveLeftovers ? readRetries() : Promise.resolve(noRetries);
      return list;
    },
  };
  const readRetries = async (): Promise<RetryList> => {
    const [unsettled, entries] = await Promise.all([
      ports.couplings.unsettled(state.mapping),
      ports.retries.list(state.mapping),
    ]);
    known.mayStand = known.mayStand || unsettled.length + entries.length > 0;
    return { unsettled, entries };
  };
  return known;
}

const noRetries: RetryList = { unsettled: [], entries: [] };

/**
 * A record that a changed filter lets in, or a field that was enabled, does not touch any modification time: when this
 * text changes, everything is read once more. Nothing is concluded from records that are not met any more (P9).
 */
function definitionText({ businessCentral, dataverse, direction, fields }: TableMapping): string {
  const enabled = fields
    .filter((field) => field.enabled)
    .map(({ id, direction: way, transformation, constant, lookup = null, ...ends }) => {
      const ours = [ends.businessCentral?.entitySet, ends.businessCentral?.property];
      return [id, way, transformation, constant, lookup, ours, ends.dataverse?.attribute];
    });
  const tables = [businessCentral.entitySet, dataverse.table];
  return JSON.stringify([tables, businessCentral.filter, dataverse.filter, direction, enabled]);
}

function begunCreatesOf(ports: SyncPorts, mapping: MappingName, stood: boolean): BegunCreates {
  let intents: Promise<readonly CreateIntent[]> | null = null;
  return {
    mayStand: stood,
    before: () => {
      intents ??= stood ? ports.couplings.intents(mapping) : Promise.resolve([]);
      return intents;
    },
  };
}
