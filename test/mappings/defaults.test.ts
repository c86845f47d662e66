import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passDirections } from '../../shared/domain/common/directions.ts';
import { defaultMappings, entityRuleOf } from '../../shared/domain/mappings/catalog.ts';
import {
  businessCentralKey,
  type FieldMapping,
  fieldsOfPass,
  type TableMapping,
} from '../../shared/domain/mappings/model.ts';
import { businessCentralFilter, dataverseFilter } from '../../shared/domain/sync/recordFilter.ts';
import { transferField } from '../../shared/domain/sync/transfer.ts';
import { canonicalText } from '../../shared/domain/sync/values.ts';
import { lookups } from '../builders/records.ts';

const referenceFile = join(import.meta.dirname, '../../docs/reference/default-mappings.json');
interface ReferenceField {
  readonly attribute: string | null;
  readonly bcApiName: string | null;
  readonly customApiName?: string;
  readonly direction: string;
  readonly enabled: boolean;
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

const mappings = defaultMappings('person');
const allFields = mappings.flatMap((mapping) =>
  mapping.fields.map((field) => [mapping.name, field.id, mapping, field] as const),
);

/** A text both ends can hold. */
function valueFor(field: FieldMapping): fc.Arbitrary<string> {
  const longest = Math.min(field.businessCentral?.maxLength ?? 20, field.dataverse?.maxLength ?? 20);
  const isCode = field.businessCentral?.type === 'code';
  return fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: longest })
    .map((text) => (isCode ? text.trim().toUpperCase() : text))
    .filter((text) => text.length > 0 && text.length <= longest && canonicalText(text) !== '');
}

function there(mapping: TableMapping, field: FieldMapping, value: string) {
  const key = field.businessCentral ? businessCentralKey(mapping, field.businessCentral) : '';
  return transferField(mapping, field, 'toDataverse', { [key]: value }, lookups());
}

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
      const wanted = expected?.fields.map((field) => [
        field.bcApiName ?? field.customApiName ?? null,
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
        job: {
          frequencyMinutes: expected?.frequencyMinutes,
          inactivityTimeoutMinutes: expected?.inactivityMinutes,
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

  const copied = allFields.filter(([, , , { direction, lookup, businessCentral, dataverse }]) => {
    return (
      direction === 'both' && lookup === undefined && businessCentral !== null && dataverse?.type === 'string'
    );
  });
  it.each(copied)('%s.%s brings any text there and back unchanged', (_name, _id, mapping, field) => {
    fc.assert(
      fc.property(valueFor(field), (value) => {
        const sent = there(mapping, field, value);
        expect(sent.kind).toBe('write');
        const received = sent.kind === 'write' ? (sent.value as string) : '';
        const back = transferField(
          mapping,
          field,
          'toBusinessCentral',
          { [field.dataverse?.attribute ?? '']: received },
          lookups(),
        );
        expect(back).toEqual({ kind: 'write', value });
      }),
    );
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
