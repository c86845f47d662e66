/** Set-ups of which default mappings and fields exist in one and not in another (default-mappings.md, "How to read the JSON"). */

/** Who owns records in Sales: the coupled user of the salesperson, or one team (E-70, E-71). */
export const ownershipModels = ['person', 'team'] as const;
export type OwnershipModel = (typeof ownershipModels)[number];

/** `classic` keeps prices on items and price groups, `new` in price lists (default-mappings.md, `extendedPricing`). */
export const priceExperiences = ['classic', 'new'] as const;
export type PriceExperience = (typeof priceExperiences)[number];

/** How sales orders travel. */
export const orderIntegrations = ['off', 'oneWay', 'bidirectional'] as const;
export type OrderIntegration = (typeof orderIntegrations)[number];

/** What decides which of the default mappings and fields exist. */
export interface MappingVariants {
  readonly ownershipModel: OwnershipModel;
  /** One unit group per item or resource instead of one per unit of measure (E-94). */
  readonly unitGroups: boolean;
  readonly priceExperience: PriceExperience;
  readonly orderIntegration: OrderIntegration;
}

/** The set-up of the seed documents: salesperson = owner, no unit groups, old prices; orders are off until asked for. */
export const usualVariants: MappingVariants = {
  ownershipModel: 'person',
  unitGroups: false,
  priceExperience: 'classic',
  orderIntegration: 'off',
};

/** Conditions in the words of the reference; `!` stands for "not" (default-mappings.md, "How to read the JSON"). */
export const variantWords = [
  'personOwnership',
  'unitGroupMapping',
  '!unitGroupMapping',
  'extendedPricing',
  '!extendedPricing',
] as const;
export type VariantWord = (typeof variantWords)[number];

/** Several conditions at once: every part that is stated must hold. */
export interface VariantParts {
  readonly ownershipModel?: OwnershipModel;
  readonly unitGroups?: boolean;
  readonly priceExperience?: PriceExperience;
  /** One of these. */
  readonly orderIntegration?: readonly OrderIntegration[];
}

/** When a default mapping or field exists; nothing stated = always. */
export type VariantCondition = VariantWord | VariantParts;

const wordParts: Readonly<Record<VariantWord, VariantParts>> = {
  personOwnership: { ownershipModel: 'person' },
  unitGroupMapping: { unitGroups: true },
  '!unitGroupMapping': { unitGroups: false },
  extendedPricing: { priceExperience: 'new' },
  '!extendedPricing': { priceExperience: 'classic' },
};

function partsOf(when: VariantCondition | undefined): VariantParts {
  return typeof when === 'string' ? wordParts[when] : (when ?? {});
}

/** Whether a condition holds in a set-up. Pure. */
export function holds(when: VariantCondition | undefined, variants: MappingVariants): boolean {
  const { ownershipModel, unitGroups, priceExperience, orderIntegration } = partsOf(when);
  return (
    (ownershipModel ?? variants.ownershipModel) === variants.ownershipModel &&
    (unitGroups ?? variants.unitGroups) === variants.unitGroups &&
    (priceExperience ?? variants.priceExperience) === variants.priceExperience &&
    (orderIntegration?.includes(variants.orderIntegration) ?? true)
  );
}

/** The variants that Business Central knows and settings do not. */
export type CompanyVariants = Pick<MappingVariants, 'unitGroups' | 'priceExperience'>;

/** Every pair of them, for what must be known before Business Central was asked. */
export const allCompanyVariants: readonly CompanyVariants[] = [false, true].flatMap((unitGroups) =>
  priceExperiences.map((priceExperience) => ({ unitGroups, priceExperience })),
);

/** Whether a condition depends on what only Business Central knows. */
export function asksCompany(when: VariantCondition | undefined): boolean {
  const { unitGroups, priceExperience } = partsOf(when);
  return unitGroups !== undefined || priceExperience !== undefined;
}
