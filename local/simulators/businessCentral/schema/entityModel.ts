/** The shape of the schema file: entity sets, properties and navigation of the served routes. */

/** Values a property can have in this simulator; dates and enum members are text. */
export type Value = string | number | boolean;

export const standardRoute = 'v2.0';
export const companionRoute = 'openSync/salesIntegration/v1.0';
export const runtimeRoute = 'microsoft/runtime/beta';
export const routes = [standardRoute, companionRoute, runtimeRoute] as const;
export type Route = (typeof routes)[number];

/** One property of an entity type as the schema file describes it. */
export interface PropertyModel {
  readonly name: string;
  readonly type: string;
  readonly readOnly: boolean;
  readonly maxLength?: number;
  /** Table field behind the property, or `(computed) ...` for a page variable. */
  readonly source?: string;
  readonly enum?: string;
  readonly values?: readonly string[];
  readonly flowField?: boolean;
  readonly alType?: string;
  readonly filterOnly?: boolean;
  /** May be given when the record is created, not later. */
  readonly writableOnInsert?: boolean;
}

/** A navigation property. */
export interface NavigationModel {
  readonly name: string;
  readonly entityType: string;
  readonly entitySet: string | null;
  readonly multiplicity: string;
}

/** A bound action such as `shipAndInvoice`. */
export interface ActionModel {
  readonly name: string;
}

/** An entity set as the schema file describes it. */
export interface EntityModel {
  readonly entitySet: string;
  readonly entityType: string;
  readonly sourceTable: string;
  readonly key: string;
  readonly webhookSupported: boolean;
  readonly insertAllowed: boolean;
  readonly modifyAllowed: boolean;
  readonly deleteAllowed: boolean;
  readonly properties: readonly PropertyModel[];
  readonly navigation: readonly NavigationModel[];
  readonly boundActions: readonly ActionModel[];
  readonly route?: string;
}
