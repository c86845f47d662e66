/** Which default mappings and fields exist in which set-up. */
import { describe, expect, it } from 'vitest';
import { defaultMappings, possibleMappings } from './catalog.ts';
import { allCompanyVariants, asksCompany, holds, usualVariants, variantWords } from './variants.ts';

describe('a condition', () => {
  it('holds when every part that is stated does', () => {
    expect(holds(undefined, usualVariants)).toBe(true);
    expect(holds({ unitGroups: false, priceExperience: 'classic' }, usualVariants)).toBe(true);
    expect(holds({ unitGroups: false, priceExperience: 'new' }, usualVariants)).toBe(false);
    expect(holds({ ownershipModel: 'team' }, usualVariants)).toBe(false);
    const orders = { orderIntegration: ['oneWay', 'bidirectional'] } as const;
    expect(holds(orders, usualVariants)).toBe(false);
    expect(holds(orders, { ...usualVariants, orderIntegration: 'oneWay' })).toBe(true);
  });

  it('can be said in the words of the reference', () => {
    const held = (variants: typeof usualVariants) => variantWords.filter((word) => holds(word, variants));
    expect(held(usualVariants)).toEqual(['personOwnership', '!unitGroupMapping', '!extendedPricing']);
    const other = {
      ownershipModel: 'team',
      unitGroups: true,
      priceExperience: 'new',
      orderIntegration: 'off',
    } as const;
    expect(held(other)).toEqual(['unitGroupMapping', 'extendedPricing']);
    expect(variantWords.filter(asksCompany)).toEqual(variantWords.slice(1));
  });

  it('asks Business Central only for what settings do not tell', () => {
    expect(asksCompany(undefined)).toBe(false);
    expect(asksCompany({ ownershipModel: 'team' })).toBe(false);
    expect(asksCompany({ unitGroups: true })).toBe(true);
    expect(asksCompany({ priceExperience: 'classic' })).toBe(true);
  });
});

describe('the default mappings', () => {
  it('carry no conditions once they are chosen', () => {
    const chosen = defaultMappings('person', { unitGroups: true, orderIntegration: 'bidirectional' });
    expect(JSON.stringify(chosen)).not.toContain('"when"');
  });

  it('that are possible are those of every set-up, each name once', () => {
    const names = possibleMappings({ ownershipModel: 'person', orderIntegration: 'oneWay' }).map(
      ({ name }) => name,
    );
    expect(new Set(names).size).toBe(names.length);
    for (const company of allCompanyVariants) {
      const present = defaultMappings('person', { ...company, orderIntegration: 'oneWay' });
      expect(names).toEqual(expect.arrayContaining(present.map(({ name }) => name)));
    }
  });

  it('under team ownership have no SALESPEOPLE and transfer no owner (E-70, J-82)', () => {
    const mappings = defaultMappings('team');
    expect(mappings.map(({ name }) => String(name))).not.toContain('SALESPEOPLE');
    expect(mappings.flatMap(({ dependsOn }) => dependsOn.map(String))).not.toContain('SALESPEOPLE');
    expect(mappings.flatMap(({ fields }) => fields).some(({ id }) => id.startsWith('owner'))).toBe(false);
  });
});
