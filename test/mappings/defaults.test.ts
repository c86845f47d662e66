import { describe, expect, it } from 'vitest';
import { defaultMappings, entityRuleOf } from '../../shared/domain/mappings/catalog.ts';
import { businessCentralFilter, dataverseFilter } from '../../shared/domain/sync/recordFilter.ts';
import { existsIn, presentIds, propertyName, reference, variantMappings } from './everyVariant.ts';

describe('the default mappings', () => {
  it.each(presentIds)(
    '%s has the fields, directions and job of the reference in every set-up (E-1, E-3)',
    (id) => {
      const expected = reference.find((entry) => entry.id === id);
      for (const { mapping, variants } of variantMappings.filter((of) => of.id === id)) {
        const described = mapping.fields.map((field) => [
          field.businessCentral?.property ?? null,
          field.dataverse?.attribute ?? null,
          field.direction,
          field.enabled,
        ]);
        const wanted = expected?.fields
          .filter(({ when }) => existsIn(when, variants))
          .map((field) => [
            propertyName(mapping.businessCentral.entitySet, field),
            field.attribute,
            field.direction,
            field.enabled,
          ]);
        expect(described).toEqual(wanted);
        expect(mapping).toMatchObject({
          direction: expected?.direction,
          syncOnlyCoupled: expected?.syncOnlyCoupled,
          updateConflict: expected?.conflict.update,
          deletionConflict: expected?.conflict.deletion,
          job:
            expected?.frequencyMinutes == null
              ? null
              : {
                  frequencyMinutes: expected.frequencyMinutes,
                  inactivityTimeoutMinutes: expected.inactivityMinutes,
                },
        });
      }
    },
  );

  it.each(variantMappings)(
    '$id with $variants has filters that parse, a known rule, and field ids of its own',
    ({ mapping }) => {
      expect(() => businessCentralFilter(mapping.businessCentral.filter)).not.toThrow();
      expect(() => dataverseFilter(mapping.dataverse.filter)).not.toThrow();
      expect(() => entityRuleOf(mapping)).not.toThrow();
      expect(new Set(mapping.fields.map(({ id }) => id)).size).toBe(mapping.fields.length);
    },
  );

  it('pair three tables of codes with option columns of account (E-80)', () => {
    const options = defaultMappings('person').filter(({ kind }) => kind === 'option');
    expect(options.map(({ name, dataverse }) => [name, dataverse.table, dataverse.idAttribute])).toEqual([
      ['PAYMENT TERMS', 'account', 'paymenttermscode'],
      ['SHIPMENT METHOD', 'account', 'address1_freighttermscode'],
      ['SHIPPING AGENT', 'account', 'address1_shippingmethodcode'],
    ]);
  });
});
