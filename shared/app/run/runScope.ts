/** Everything one run of one mapping works with; built once per run. */
import type { PassDirection, Side } from '../../domain/common/directions.ts';
import type { MappingName, RunId } from '../../domain/common/ids.ts';
import { type Instant, shift } from '../../domain/common/instants.ts';
import type { Coupling, CreateIntent } from '../../domain/couplings/coupling.ts';
import type { ReportedDeletions } from '../../domain/jobs/jobQueueEntry.ts';
import type { RetryRecord } from '../../domain/logs/retryRecord.ts';
import type { RunTrigger } from '../../domain/logs/syncJob.ts';
import { entityRuleOf } from '../../domain/mappings/catalog.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { EntityRule } from '../../domain/sync/entityRule.ts';
import type { FirstTimeRule, PlannedAction } from '../../domain/sync/planTypes.ts';
import { businessCentralFilter, dataverseFilter, type RecordFilter } from '../../domain/sync/recordFilter.ts';
import type { BusinessCentralSelection } from '../../ports/businessCentral.ts';
import type { DataverseIdentity, DataverseSelection } from '../../ports/dataverse.ts';
import type { MappingState } from '../../ports/mappingStore.ts';
import { RequestMeter } from '../../ports/requestMeter.ts';
import type { Digest } from '../../ports/system.ts';
import type { SyncPorts } from '../syncPorts.ts';
import type { HeldLease } from './lease.ts';
import { LookupBook } from './lookupBook.ts';
import { businessCentralSelection, dataverseSelection } from './selections.ts';

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
  /** Only these records of one side, whatever the watermarks say; null for all that changed (E-23, E-126). */
  readonly records: { readonly side: Side; readonly ids: readonly string[] } | null;
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

/** The retry list of a mapping: coupled records that failed or wait, and failed records without a coupling. */
export interface RetryList {
  readonly unsettled: readonly Coupling[];
  readonly entries: readonly RetryRecord[];
}

export interface RunScope {
  readonly ports: SyncPorts;
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
  readonly digest: Digest;
  /** Digest of what decides which records take part, and which of their values. */
  readonly definition: string;
  readonly lookups: LookupBook;
  /** Actions of a dry run, in order. */
  readonly planned: PlannedAction[];
  /** Inserts planned so far, by pass; keeps generated codes apart. */
  readonly insertOrdinals: Record<PassDirection, number>;
  /** Creates in Business Central that an earlier run began, or this one sent. */
  readonly begunCreates: BegunCreates;
  /** Business Central ids of couplings this run found without a side; each is judged once. */
  readonly lostMet: Set<string>;
  /**
   * What failed before this run; read once, before the first pass. A record that the first pass makes skipped is still
   * met, and counted as skipped, by the second (E-38).
   */
  retryList(): Promise<RetryList>;
  /** Synchronises records of another mapping that this one's records refer to (E-66). */
  synchroniseFirst(mapping: MappingName, side: Side, ids: readonly string[]): Promise<void>;
  /** When the run's time slice is used up. */
  readonly sliceEnd: Instant;
  /** Null for a dry run, which writes nothing and needs no lease. */
  readonly lease: HeldLease | null;
  /** State of the mapping when the run began; null-ed watermarks when everything is read. */
  readonly state: MappingState;
}

/** Builds the scope. Raises SyncFailure when a connection, the mapping's filter or its rule does not work. */
export async function openRunScope(
  ports: SyncPorts,
  allMappings: readonly TableMapping[],
  mapping: TableMapping,
  request: RunRequest,
  held: { readonly state: MappingState; readonly lease: HeldLease | null },
  synchroniseFirst: RunScope['synchroniseFirst'],
): Promise<RunScope> {
  const { state, lease } = held;
  const meters = { businessCentral: new RequestMeter(), dataverse: new RequestMeter() };
  const metered: SyncPorts = {
    ...ports,
    businessCentral: ports.businessCentral.metered(meters.businessCentral),
    dataverse: ports.dataverse.metered(meters.dataverse),
  };
  const [company, identity, digestKey] = await Promise.all([
    metered.businessCentral.company(),
    metered.dataverse.whoAmI(),
    metered.mappings.digestKey(),
  ]);
  const digest = ports.digestWith(digestKey);
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
    request,
    mapping,
    allMappings,
    rule: entityRuleOf(mapping),
    filters: {
      businessCentral: businessCentralFilter(mapping.businessCentral.filter),
      dataverse: dataverseFilter(mapping.dataverse.filter),
    },
    selections: {
      businessCentral: businessCentralSelection(mapping),
      dataverse: dataverseSelection(mapping),
    },
    meters,
    identity,
    companyId: company.id,
    digest,
    definition,
    lookups: new LookupBook(metered, allMappings, { companyId: company.id, mayWrite: !request.dryRun }),
    planned: [],
    insertOrdinals: { toDataverse: 0, toBusinessCentral: 0 },
    lease,
    sliceEnd: shift(ports.clock.now(), ports.policy.sliceMs),
    lostMet: new Set(),
    synchroniseFirst,
    retryList: retryListOf(metered, mapping.name),
    begunCreates: begunCreatesOf(metered, mapping.name, state.mayHaveLeftovers),
    state: request.fromScratch || isRedefined ? { ...state, ...scratch } : state,
  };
}

function retryListOf(ports: SyncPorts, mapping: MappingName): () => Promise<RetryList> {
  let list: Promise<RetryList> | null = null;
  const read = async (): Promise<RetryList> => {
    const [unsettled, entries] = await Promise.all([
      ports.couplings.unsettled(mapping),
      ports.retries.list(mapping),
    ]);
    return { unsettled, entries };
  };
  return () => {
    list ??= read();
    return list;
  };
}

/**
 * A record that a changed filter lets in, or a field that was enabled, does not touch any modification time: when this
 * text changes, everything is read once more. Nothing is concluded from records that are not met any more (P9).
 */
function definitionText({ businessCentral, dataverse, direction, fields }: TableMapping): string {
  const enabled = fields
    .filter((field) => field.enabled)
    .map(({ id, direction: way, transformation }) => [id, way, transformation]);
  return JSON.stringify([businessCentral.filter, dataverse.filter, direction, enabled]);
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
