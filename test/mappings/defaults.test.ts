import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { passDirections } from '../../shared/domain/common/directions.ts';
import { defaultMappings, entityRuleOf } from '../../shared/domain/mappings/catalog.ts';
import { fieldsOfPass, type TableMapping } from '../../shared/domain/mappings/model.ts';
import { businessCentralFilter, dataverseFilter } from '../../shared/domain/sync/recordFilter.ts';

const referenceFile = join(import.meta.dirname, '../../docs/reference/default-mappings.json');
interface ReferenceField {
  readonly attribute: string | null;
  readonly bcApiName: string | null;
  readonly customApiName?: string;
  readonly direction: string;
  readonly enabled: boolean;
  readonly when?: string;
}
const reference = JSON.parse(readFileSync(referenceFile, 'utf8')) as readonly {
  readonly id: string;
  readonly direction: string;
  readonly syncOnlyCoupled: boolean;
  readonly conflict: { readonly update: string; readonly deletion: string };
  readonly frequencyMinutes: number;
  readonly inactivityMinutes: number;
  readonly fields: readonly ReferenceField[];
}[];

/** Set-ups in which every mapping exists at least once: units, prices, and orders one way or both. */
const setUps = [
  { unitGroups: false, priceExperience: 'classic', orderIntegration: 'oneWay' },
  { unitGroups: true, priceExperience: 'new', orderIntegration: 'bidirectional' },
] as const;
const usual = defaultMappings('person', { orderIntegration: 'oneWay' });
/** The name under which the reference lists a mapping: one that differs between set-ups has two entries. */
const idOf = ({ name, direction }: TableMapping) =>
  name === 'SALESORDER-ORDER' && direction === 'both' ? `${name}:bidirectional` : String(name);
/** Each mapping once, as it is where it exists; the usual set-up first. */
const mappings = setUps
  .flatMap((setUp) => defaultMappings('person', setUp))
  .filter((mapping, index, all) => all.findIndex((other) => idOf(other) === idOf(mapping)) === index);

/** Whether a field of the reference exists in the set-up from which its mapping was taken. */
function exists(name: string, when: string | undefined): boolean {
  const isUsual = usual.some((mapping) => mapping.name === name);
  if (when === undefined || when === 'personOwnership') return true;
  return when.startsWith('!') === isUsual;
}

const allFields = mappings.flatMap((mapping) =>
  mapping.fields.map((field) => [idOf(mapping), field.id, mapping, field] as const),
);

describe('the default mappings', () => {
  it.each(mappings.map((mapping) => [idOf(mapping), mapping] as const))(
    '%s has the fields, directions and job of the reference (E-1, E-3)',
    (name, mapping) => {
      const expected = reference.find((entry) => entry.id === name);
      const described = mapping.fields.map((field) => [
        field.businessCentral?.property ?? null,
        field.dataverse?.attribute ?? null,
        field.direction,
        field.enabled,
      ]);
      const present = expected?.fields.filter((field) => exists(name, field.when));
      const wanted = present?.map((field) => [
        field.bcApiName ?? field.customApiName ?? null,
        field.attribute ?? null,
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
    },
  );

  it.each(mappings.map((mapping) => [idOf(mapping), mapping] as const))(
    '%s has filters that parse, a known rule, and field ids of its own',
    (_name, mapping) => {
      expect(() => businessCentralFilter(mapping.businessCentral.filter)).not.toThrow();
      expect(() => dataverseFilter(mapping.dataverse.filter)).not.toThrow();
      expect(() => entityRuleOf(mapping)).not.toThrow();
      expect(new Set(mapping.fields.map(({ id }) => id)).size).toBe(mapping.fields.length);
    },
  );

  it('pair three tables of codes with option columns of account (E-80)', () => {
    const options = mappings.filter(({ kind }) => kind === 'option');
    expect(options.map(({ name, dataverse }) => [name, dataverse.table, dataverse.idAttribute])).toEqual([
      ['PAYMENT TERMS', 'account', 'paymenttermscode'],
      ['SHIPMENT METHOD', 'account', 'address1_freighttermscode'],
      ['SHIPPING AGENT', 'account', 'address1_shippingmethodcode'],
    ]);
  });

  it.each(allFields.filter(([, , , { direction }]) => direction !== 'both'))(
    '%s.%s never travels the other way',
    (_name, id, mapping, field) => {
      for (const pass of passDirections) {
        const takesPart = fieldsOfPass(mapping, pass).some((candidate) => candidate.id === id);
        expect(takesPart).toBe(field.enabled && field.direction === pass);
      }
    },
  );
});
