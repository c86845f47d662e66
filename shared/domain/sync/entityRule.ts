/** Entity rules: what a mapping does beyond copying fields, as named pure functions (sync-engine section 8). */
import type { PassDirection, Side } from '../common/directions.ts';
import type { MappingName } from '../common/ids.ts';
import type {
  BusinessCentralRecord,
  DataverseRow,
  DataverseWriteValue,
  FieldValue,
} from '../common/records.ts';
import type { BusinessCentralRoute, FieldMapping } from '../mappings/model.ts';
import type { RuleOption } from '../mappings/optionUses.ts';
import type { DetailRow, PreparedRow } from './details.ts';
import {
  type DoneRecord,
  type FollowUpOutcome,
  noFollowUps,
  type RelatedRead,
  type RelatedRecords,
} from './followUps.ts';
import type { Lookups, Reference } from './lookups.ts';
import type { FirstTimeRule, RecordPair } from './planTypes.ts';
import type { RecordProblem } from './problems.ts';
import type { RuleContext, RuleFact, WantedCompany } from './ruleContext.ts';
import type { DocumentState, DocumentStates } from './stateSteps.ts';
import type { Transfer } from './transfer.ts';

export {
  type CompanyRelation,
  emptyContext,
  type PartnerKey,
  type RuleContext,
  type RuleFact,
  ruleFacts,
  type WantedCompany,
} from './ruleContext.ts';

/** The record of the pass's source, and the counterpart when there is one. */
export interface RuleSubject {
  readonly pass: PassDirection;
  readonly businessCentral: BusinessCentralRecord | null;
  readonly dataverse: DataverseRow | null;
  /** Ordinal of this insert within the run, from 0; keeps generated codes apart. */
  readonly insertOrdinal: number;
  readonly lookups: Lookups;
  readonly context: RuleContext;
  /** True when the records are not coupled yet, or the last attempt of the pass failed: nothing beside them can be relied on. */
  readonly isUnsettled: boolean;
  /** Fields that differ and are left to the pass of the other direction. */
  readonly waitingFields: readonly string[];
  /** Whether an input of the source ({@link EntityRule.inputs}) differs from when both sides last agreed; true without a base. */
  inputChanged(name: string, value: FieldValue): boolean;
}

/** Finds the row of Sales that is the counterpart of an uncoupled record: asked for by one column, then compared. */
export interface RuleMatch {
  readonly attribute: string;
  /** What the column must hold; null when the record cannot be matched. */
  value(subject: RuleSubject): FieldValue;
  /** Whether a row with that value is the counterpart. */
  isCounterpart(subject: RuleSubject, row: DataverseRow): boolean;
  /** True when neither references nor facts of the page are needed to tell. Absent = they are. */
  readonly isPlain?: boolean;
}

/** What a rule has to read about a record; later steps know what earlier ones brought (`context.related`). */
export type ReadStep = (
  source: BusinessCentralRecord,
  context: RuleContext,
  lookups: Lookups,
) => readonly RelatedRead[];

/** The lines of a header: records whose property holds the header's key. */
export interface LinesAfter {
  readonly mapping: MappingName;
  readonly entitySet: string;
  readonly route: BusinessCentralRoute;
  readonly property: string;
  /** Of lines that are known by the id of their header on both sides: the column that holds it in Sales (D-82). */
  readonly parent?: { readonly table: string; readonly attribute: string };
}

/** The header of a line: lines are written only while it is open. */
export interface HeaderOf {
  readonly mapping: MappingName;
  readonly businessCentralKey: string;
  readonly attribute: string;
}

/**
 * Values a rule adds to a write; they win over mapped fields. `instead`: these values are all that is written, and without
 * any the record is skipped for the reason given.
 */
export type RuleOutcome =
  | {
      readonly kind: 'values';
      readonly values: Readonly<Record<string, DataverseWriteValue>>;
      /** Rows that come to be with a new row or not at all; of an existing row, those it should have. */
      readonly details?: readonly DetailRow[];
      /** Values of a new row that can be written only once its details are there. */
      readonly afterDetails?: readonly Readonly<Record<string, DataverseWriteValue>>[];
      /** Rows that have to be there before. */
      readonly prepared?: readonly PreparedRow[];
    }
  | {
      readonly kind: 'instead';
      readonly values: Readonly<Record<string, DataverseWriteValue>>;
      readonly code: string;
      readonly reason: string;
    }
  | { readonly kind: 'problem'; readonly problem: RecordProblem };

/** A coupled pair of which the record of one side is gone. */
export interface LostSubject {
  readonly gone: Side;
  readonly pair: RecordPair;
  readonly context: RuleContext;
}

/** The end of a coupling that lost a side: what the remaining row of Sales gets before the coupling is removed. */
export interface LostOutcome {
  readonly code: string;
  readonly reason: string;
  readonly values: Readonly<Record<string, DataverseWriteValue>>;
  /** The coupling stays and is marked: both passes leave it alone from now on (D-94, D-97). */
  readonly archives?: boolean;
}

/** The page whose records take actions. */
export interface ActionPage {
  readonly entitySet: string;
  readonly route: BusinessCentralRoute;
}

export interface EntityRule {
  readonly facts: readonly RuleFact[];
  /** Whether an otherwise eligible source record takes part; false drops it without a counter (E-19). */
  isCandidate(
    pass: PassDirection,
    source: BusinessCentralRecord | DataverseRow,
    context: RuleContext,
  ): boolean;
  /** Inputs whose change makes the source changed although no mapped field did. */
  inputs(
    pass: PassDirection,
    source: BusinessCentralRecord | DataverseRow,
    context: RuleContext,
  ): Readonly<Record<string, FieldValue>>;
  /** The company contact of a Business Central record, when its customer or vendor has to be known; null for none. */
  companyOf(record: BusinessCentralRecord): WantedCompany | null;
  /** Whether a coupled pair is left as it is, without a counter (E-19): its row of Sales is closed for editing. */
  leavesAlone(pair: RecordPair, inputChanged: RuleSubject['inputChanged']): boolean;
  /** What is read of a page on its way to Dataverse before references are followed, for pairs that are {@link needsReads}. */
  readonly sourceReads: readonly ReadStep[];
  /** What is read once they are followed. */
  readonly targetReads: readonly ReadStep[];
  /** Whether the read steps concern a pair. */
  needsReads(pair: RecordPair): boolean;
  /** The mapping whose records become the details of a row; null for none. */
  readonly detailMapping: MappingName | null;
  /** References the rule follows. */
  references(
    pass: PassDirection,
    source: BusinessCentralRecord | DataverseRow,
    context: RuleContext,
  ): readonly Reference[];
  /** Names of the unit groups of Sales a record needs (fact `unitGroups`). */
  unitGroupNames(
    pass: PassDirection,
    source: BusinessCentralRecord | DataverseRow,
    context: RuleContext,
  ): readonly string[];
  /** What a field would write where the usual transfer does not fit; null for the usual one (E-65). */
  transfer(field: FieldMapping, subject: RuleSubject): Transfer | null;
  /** How an uncoupled row of Sales is recognised by more than equal fields (E-27); null for match fields only. */
  readonly match: RuleMatch | null;
  /** Records of another mapping that are synchronised after each of this one's (E-105); null for none. */
  readonly lines: LinesAfter | null;
  /** Passes that never make a counterpart, whatever is asked for: an order without its lines is none (D-72, D-73). */
  readonly neverInserts: readonly PassDirection[];
  /** A coupling whose Business Central record is gone is removed, whatever the deletion rule of the mapping says (E-89). */
  readonly losesCouplingWithRecord: boolean;
  /** What a lost side means where it is no plain deletion (D-79, D-96, D-98); null leaves it to the mapping's deletion rule. */
  onLost(subject: LostSubject): LostOutcome | null;
  /** Couplings that lost a side are looked for in every run: its records leave Business Central in daily work (D-80). */
  readonly looksForLost: boolean;
  /** In which state rows of Sales can be edited; null where they always can (D-20). */
  readonly documentStates: DocumentStates | null;
  /** Why a planned write to an existing record is not sent; null sends it (D-34). */
  refusesWrite(subject: RuleSubject): RecordProblem | null;
  /** Where released records of Business Central are reopened to be written, and released again; null where they need not be (D-90). */
  readonly reopens: ActionPage | null;
  /** Of lines: the document they are written to (D-20, D-90); null for others. */
  readonly header: HeaderOf | null;
  /** Properties that a new record is sent first, in this order: Business Central fills others from them (D-64). */
  readonly insertFirst: readonly string[];
  /** What decides about a pair that has no base yet; null leaves it to the run (E-31): one record was just made from the other. */
  readonly firstTime: FirstTimeRule | null;
  /** Rows of orders that are completely shipped become fulfilled (D-94). */
  readonly fulfils: boolean;
  /** The state that new rows of orders get once their lines are there (D-85); null for others. */
  readonly submitted: DocumentState | null;
  /** The order discount and the freight of Sales are sent after the lines (D-90). */
  readonly sendsAmounts: boolean;
  /** Option numbers the rule writes, so that they can be checked against those the organisation has (D-13, D-14). */
  readonly options: readonly RuleOption[];
  /** Users whose record was just made become members of the owning team (E-89). */
  readonly joinsOwningTeam: boolean;
  /** Contacts of accounts whose record was just made are looked at once more, because they have a company now (E-96). */
  readonly bringsContacts: boolean;
  /** Values for a new record. */
  onInsert(subject: RuleSubject): RuleOutcome;
  /** Values for an existing record; those it already holds are not written. */
  onModify(subject: RuleSubject): RuleOutcome;
  /** What the follow-ups of a record that was just written depend on. */
  relatedReads(
    pass: PassDirection,
    done: DoneRecord,
    context: RuleContext,
    lookups: Lookups,
  ): readonly RelatedRead[];
  /** Writes beside the record, of which only those that are still needed; a repeat decides the same. */
  followUps(
    pass: PassDirection,
    done: DoneRecord,
    related: RelatedRecords,
    context: RuleContext,
    lookups: Lookups,
  ): FollowUpOutcome;
}

/** An outcome that adds nothing. */
export const nothing: RuleOutcome = { kind: 'values', values: {} };

/** A rule that adds nothing; real rules override what they need. */
export const plainRule: EntityRule = {
  facts: [],
  isCandidate: () => true,
  inputs: () => ({}),
  companyOf: () => null,
  leavesAlone: () => false,
  sourceReads: [],
  targetReads: [],
  needsReads: () => true,
  detailMapping: null,
  references: () => [],
  unitGroupNames: () => [],
  transfer: () => null,
  match: null,
  lines: null,
  neverInserts: [],
  losesCouplingWithRecord: false,
  onLost: () => null,
  looksForLost: false,
  documentStates: null,
  refusesWrite: () => null,
  reopens: null,
  firstTime: null,
  fulfils: false,
  submitted: null,
  sendsAmounts: false,
  header: null,
  insertFirst: [],
  options: [],
  joinsOwningTeam: false,
  bringsContacts: false,
  onInsert: () => nothing,
  onModify: () => nothing,
  relatedReads: () => [],
  followUps: () => noFollowUps,
};
