/** The facts that entity rules decide on, gathered for a run. */
import { type DocumentSettings, noDocuments } from '../documents/documentSettings.ts';
import type { TableMapping } from '../mappings/model.ts';
import { type CompanyStamp, noStamp } from './companyStamp.ts';
import { noRelated, type RelatedRecords } from './followUps.ts';
import type { GroupPrice } from './groupPrices.ts';
import type { Reference } from './lookups.ts';
import type { OrderProgress } from './orderProgress.ts';
import type { SalesSetup } from './salesSetup.ts';
import type { SalesUnitGroups } from './salesUnits.ts';

/** Facts a rule may ask for; they are read only when a record needs them. */
export const ruleFacts = [
  'currencyRates',
  'salespersonCodes',
  'companyContacts',
  'unitGroups',
  'groupPrices',
  'listCurrencies',
  'baseUnits',
  'vendorNames',
  'salesSetup',
  'orderProgress',
  'orderOccurrences',
  'localCurrency',
] as const;
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
  /** Whether each item and resource has a unit group of its own instead of one group per unit of measure (E-94). */
  readonly unitGroupMapping: boolean;
  /** Unit groups of Sales by lower-case name. */
  readonly unitGroups: SalesUnitGroups;
  /** Names of the default units of Sales products, by unit id, where each product has a unit group of its own. */
  readonly unitNames: ReadonlyMap<string, string>;
  /** Ids of unit groups that several Sales products have. */
  readonly sharedUnitGroups: ReadonlySet<string>;
  /** Prices by the code of their price group or price list. */
  readonly groupPrices: ReadonlyMap<string, readonly GroupPrice[]>;
  /** Ids of the currencies of price lists in Sales, by list id. */
  readonly listCurrencies: ReadonlyMap<string, string>;
  /** Base units by {@link assetKey}, of items and resources whose price names no unit. */
  readonly baseUnits: ReadonlyMap<string, string>;
  /** Names of vendors by number. */
  readonly vendorNames: ReadonlyMap<string, string>;
  readonly salesSetup: SalesSetup;
  /** How far orders are shipped and invoiced, by the id of the order; absent ones were not asked for. */
  readonly orderProgress: ReadonlyMap<string, OrderProgress>;
  /** Which use of its number an order is, by the id of the order (D-89); absent ones were not asked for, or cannot be told. */
  readonly orderOccurrences: ReadonlyMap<string, number>;
  /**
   * Orders that are gone from Business Central because they were posted (D-80), by id, each with the day of its last shipment;
   * null where none is known, or the Sales order has a day already (D-32).
   */
  readonly postedOrders: ReadonlyMap<string, string | null>;
  /** What the settings ask for about documents. */
  readonly documents: DocumentSettings;
  /** What the rule's read steps brought for the page's records. */
  readonly related: RelatedRecords;
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
  unitGroupMapping: false,
  unitGroups: new Map(),
  unitNames: new Map(),
  sharedUnitGroups: new Set(),
  groupPrices: new Map(),
  listCurrencies: new Map(),
  baseUnits: new Map(),
  vendorNames: new Map(),
  salesSetup: { writeInProduct: null, hasDefaultPriceList: false },
  orderProgress: new Map(),
  orderOccurrences: new Map(),
  postedOrders: new Map(),
  documents: noDocuments,
  related: noRelated,
};
