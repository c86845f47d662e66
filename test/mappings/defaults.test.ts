import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { passDirections } from '../../shared/domain/common/directions.ts';
import { defaultMappings, entityRuleOf } from '../../shared/domain/mappings/catalog.ts';
import { fieldsOfPass } from '../../shared/domain/mappings/model.ts';
import { businessCentralFilter, dataverseFilter } from '../../shared/domain/sync/recordFilter.ts';

const referenceFile = join(import.meta.dirname, '../../docs/reference/default-mappings.json');
interface ReferenceField {
  readonly attribute: string | null;
  readonly bcField: string | null;
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

const pagesFile = join(
  import.meta.dirname,
  '../../local/simulators/businessCentral/schema/business-central-entities.json',
);
interface Page {
  readonly entitySet: string;
  readonly properties: readonly { readonly name: string; readonly source?: string }[];
}
const pages = (
  JSON.parse(readFileSync(pagesFile, 'utf8')) as { readonly custom: { readonly entities: readonly Page[] } }
).custom.entities;

/** Where a mapping reads a page of the companion app instead of the standard one, its name for the same field. */
function companionName(set: string, { bcField, bcApiName }: ReferenceField): string | null {
  if (bcApiName === null) return null;
  const page = pages.find(({ entitySet }) => entitySet === set);
  return page?.properties.find(({ source }) => source === bcField)?.name ?? null;
}

/** Every set-up there can be: unit groups of items' own or not, classic or new prices. */
const setUps = [
  { unitGroups: false, priceExperience: 'classic' },
  { unitGroups: true, priceExperience: 'new' },
] as const;
const usual = defaultMappings('person');
/** Each mapping once, as it is where it exists; the usual set-up first. */
const mappings = setUps
  .flatMap((setUp) => defaultMappings('person', setUp))
  .filter(({ name }, index, all) => all.findIndex((other) => other.name === name) === index);

/** Whether a field of the reference exists in the set-up from which its mapping was taken. */
function exists(name: string, when: string | undefined): boolean {
  const isUsual = usual.some((mapping) => mapping.name === name);
  if (when === undefined || when === 'personOwnership') return true;
  return when.startsWith('!') === isUsual;
}

const allFields = mappings.flatMap((mapping) =>
  mapping.fields.map((field) => [mapping.name, field.id, mapping, field] as const),
);

describe('the default mappings', () => {
  it.each(mappings.map((mapping) => [mapping.name, mapping] as const))(
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
        companionName(mapping.businessCentral.entitySet, field) ??
          field.bcApiName ??
          field.customApiName ??
          null,
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
    },
  );

  it.each(mappings.map((mapping) => [mapping.name, mapping] as const))(
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
