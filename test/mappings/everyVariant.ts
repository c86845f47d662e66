/** The default mappings in every set-up there can be, and what the reference says of each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultMappings } from '../../shared/domain/mappings/catalog.ts';
import type { FieldMapping, TableMapping } from '../../shared/domain/mappings/model.ts';
import {
  allCompanyVariants,
  type MappingVariants,
  orderIntegrations,
  ownershipModels,
} from '../../shared/domain/mappings/variants.ts';

/** A field as the reference lists it. */
export interface ReferenceField {
  readonly attribute: string | null;
  readonly bcField: string | null;
  readonly bcApiName: string | null;
  readonly customApiName?: string;
  readonly direction: string;
  readonly enabled: boolean;
  readonly when?: string;
}

/** A mapping as the reference lists it. */
export interface ReferenceMapping {
  readonly id: string;
  readonly kind: string;
  readonly direction: string;
  readonly syncOnlyCoupled: boolean;
  readonly conflict: { readonly update: string; readonly deletion: string };
  readonly frequencyMinutes: number | null;
  readonly inactivityMinutes: number | null;
  readonly fields: readonly ReferenceField[];
  readonly source: { readonly alFieldMappings: number; readonly alExtraDisabled: number };
}

const referenceFile = join(import.meta.dirname, '../../docs/reference/default-mappings.json');

/** Every mapping of the reference. */
export const reference = JSON.parse(readFileSync(referenceFile, 'utf8')) as readonly ReferenceMapping[];

const pagesFile = join(
  import.meta.dirname,
  '../../local/simulators/businessCentral/schema/business-central-entities.json',
);
const pages = (
  JSON.parse(readFileSync(pagesFile, 'utf8')) as {
    readonly custom: {
      readonly entities: readonly {
        readonly entitySet: string;
        readonly properties: readonly { readonly name: string; readonly source?: string }[];
      }[];
    };
  }
).custom.entities;

/** Name of a field's property: of a mapping that reads a page of the companion app, the one that page gives it. */
export function propertyName(
  entitySet: string,
  { bcField, bcApiName, customApiName }: ReferenceField,
): string | null {
  const page = pages.find((each) => each.entitySet === entitySet);
  const own = bcApiName === null ? undefined : page?.properties.find(({ source }) => source === bcField);
  return own?.name ?? bcApiName ?? customApiName ?? null;
}

/** Every combination of what decides which mappings and fields exist. */
export const everyVariant: readonly MappingVariants[] = ownershipModels.flatMap((ownershipModel) =>
  orderIntegrations.flatMap((orderIntegration) =>
    allCompanyVariants.map((company) => ({ ...company, ownershipModel, orderIntegration })),
  ),
);

/** A default mapping in one set-up. */
export interface VariantMapping {
  /** Its id in the reference: SALESORDER-ORDER has two. */
  readonly id: string;
  readonly variants: MappingVariants;
  readonly mapping: TableMapping;
}

function referenceId(name: string, { orderIntegration }: MappingVariants): string {
  const special = `${name}:${orderIntegration}`;
  return reference.some(({ id }) => id === special) ? special : name;
}

/** Every mapping of every set-up. */
export const variantMappings: readonly VariantMapping[] = everyVariant.flatMap((variants) =>
  defaultMappings(variants.ownershipModel, variants).map((mapping) => ({
    id: referenceId(mapping.name, variants),
    variants,
    mapping,
  })),
);

/** Ids of the reference that exist in some set-up, in run order. */
export const presentIds: readonly string[] = [...new Set(variantMappings.map(({ id }) => id))];

/** A field with the mapping it was met in first. */
export interface VariantField {
  /** Tells the field apart in test titles. */
  readonly name: string;
  readonly id: string;
  readonly mapping: TableMapping;
  readonly field: FieldMapping;
}

/** Every field of every set-up; fields that are the same in several set-ups once. */
export const variantFields: readonly VariantField[] = [
  ...new Map(
    variantMappings.flatMap(({ id, mapping }) =>
      mapping.fields.map((field): [string, VariantField] => [
        JSON.stringify([id, field]),
        { name: `${id}.${field.id}`, id, mapping, field },
      ]),
    ),
  ).values(),
];

/** Whether a field of the reference exists in a set-up. */
export function existsIn(when: string | undefined, variants: MappingVariants): boolean {
  switch (when) {
    case undefined:
      return true;
    case 'personOwnership':
      return variants.ownershipModel === 'person';
    case 'unitGroupMapping':
      return variants.unitGroups;
    case '!unitGroupMapping':
      return !variants.unitGroups;
    case 'extendedPricing':
      return variants.priceExperience === 'new';
    case '!extendedPricing':
      return variants.priceExperience === 'classic';
    default:
      throw new Error(`The reference names the unknown condition "${when}".`);
  }
}
