/** Entity rules: what a mapping does beyond copying fields, as named pure functions (sync-engine section 8). */
import type { PassDirection } from '../common/directions.ts';
import type {
  BusinessCentralRecord,
  DataverseRow,
  DataverseWriteValue,
  FieldValue,
} from '../common/records.ts';
import type { TableMapping } from '../mappings/model.ts';
import { type CompanyStamp, noStamp } from './companyStamp.ts';
import {
  type DoneRecord,
  type FollowUpOutcome,
  noFollowUps,
  type RelatedRead,
  type RelatedRecords,
} from './followUps.ts';
import type { Lookups, Reference } from './lookups.ts';
import type { RecordProblem } from './problems.ts';

/** Facts a rule may ask for; they are read only when a record needs them. */
export const ruleFacts = ['currencyRates', 'salespersonCodes', 'companyContacts'] as const;
export type RuleFact = (typeof ruleFacts)[number];

/** How a customer or vendor is known: by its id or by its number. */
export type PartnerKey = Pick<Reference, 'by' | 'value'>;

/** The customer and the vendor that a company contact stands for; null where it stands for none (E-97). */
export interface CompanyRelation {
  readonly customer: PartnerKey | null;
  readonly vendor: PartnerKey | null;
}

/** A company contact whose customer or vendor has to be found. */
export interface WantedCompany {
  /** Its number. */
  readonly number: string;
  /** True when it is known that it stands for no customer, so that only a vendor is looked for. */
  readonly isNoCustomer: boolean;
}

/** The facts gathered for a run. Absent facts were not asked for. */
export interface RuleContext {
  /** All mappings as they can run now: a rule may have to know what another one does with a field (E-100). */
  readonly mappings: readonly TableMapping[];
  /** Our company as rows of the mapping's table carry it; without the team, which only new rows need. */
  readonly stamp: CompanyStamp;
  /** Id of the company, for the keys of rows that a rule creates. */
  readonly companyId: string;
  /** Code of the company's local currency (General Ledger Setup). */
  readonly localCurrencyCode: string;
  /** Local currency units for one unit of a currency, at today's rate, by currency code; local currency = 1. */
  readonly currencyRates: ReadonlyMap<string, number>;
  /** ISO code of the Sales organisation's base currency; null when it cannot be read. */
  readonly baseCurrencyCode: string | null;
  /** Decimals a new Sales currency gets. */
  readonly currencyPrecision: number;
  /** Codes of all salespeople. */
  readonly salespersonCodes: readonly string[];
  /** Number of the company contact of a customer or vendor, by the id of that record. */
  readonly companyContacts: ReadonlyMap<string, string>;
  /** Customer or vendor behind a company contact, by the number of the contact; absent ones were not asked for. */
  readonly companyRelations: ReadonlyMap<string, CompanyRelation>;
  /** Ids of parent accounts that the mappings of companies leave out by their filters. */
  readonly accountsOutsideFilter: ReadonlySet<string>;
}

/** A context without facts. */
export const emptyContext: RuleContext = {
  mappings: [],
  stamp: noStamp,
  companyId: '',
  localCurrencyCode: '',
  currencyRates: new Map(),
  baseCurrencyCode: null,
  currencyPrecision: 2,
  salespersonCodes: [],
  companyContacts: new Map(),
  companyRelations: new Map(),
  accountsOutsideFilter: new Set(),
};

/** The record of the pass's source, and the counterpart when there is one. */
export interface RuleSubject {
  readonly pass: PassDirection;
  readonly businessCentral: BusinessCentralRecord | null;
  readonly dataverse: DataverseRow | null;
  /** Ordinal of this insert within the run, from 0; keeps generated codes apart. */
  readonly insertOrdinal: number;
  readonly lookups: Lookups;
  readonly context: RuleContext;
}

/** Values a rule adds to a write; they win over mapped fields. */
export type RuleOutcome =
  | { readonly kind: 'values'; readonly values: Readonly<Record<string, DataverseWriteValue>> }
  | { readonly kind: 'problem'; readonly problem: RecordProblem };

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
  /** References the rule follows. */
  references(
    pass: PassDirection,
    source: BusinessCentralRecord | DataverseRow,
    context: RuleContext,
  ): readonly Reference[];
  /** A coupling whose Business Central record is gone is removed, whatever the deletion rule of the mapping says (E-89). */
  readonly losesCouplingWithRecord: boolean;
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
  references: () => [],
  losesCouplingWithRecord: false,
  joinsOwningTeam: false,
  bringsContacts: false,
  onInsert: () => nothing,
  onModify: () => nothing,
  relatedReads: () => [],
  followUps: () => noFollowUps,
};
