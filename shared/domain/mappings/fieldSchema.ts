/** The form of one field mapping in a file: both ends in full, or by name as the API shows them. */
import { z } from 'zod';
import { constantValue, fieldSettings, identifier, oneOf } from './mappingParts.ts';
import { businessCentralTypes, dataverseTypes } from './model.ts';

const length = z.int('must be a whole number').min(1, 'must be at least 1').max(1_048_576);

const endOfBusinessCentral = {
  entitySet: identifier
    .describe('Companion set of the property; the main set unless stated.')
    .exactOptional(),
  property: identifier,
  maxLength: length.exactOptional(),
  lookupKey: identifier.exactOptional(),
  readOnly: z.boolean().exactOptional(),
  writableIn: identifier
    .describe('Companion set that takes the property, where it shows it.')
    .exactOptional(),
};

/** A property with its type, as extra fields state it. */
export const businessCentralFieldSchema = z.strictObject({
  ...endOfBusinessCentral,
  type: oneOf(businessCentralTypes),
});

const businessCentralEnd = z.strictObject({
  ...endOfBusinessCentral,
  type: oneOf(businessCentralTypes).describe('Follows from the column unless stated.').exactOptional(),
});

const dataverseEnd = z.strictObject({
  attribute: identifier,
  type: oneOf(dataverseTypes).describe('Read from metadata unless stated.').exactOptional(),
  maxLength: length.exactOptional(),
  precision: z.int().min(0).max(10).exactOptional(),
  access: oneOf(['insert', 'update', 'read']).exactOptional(),
  lookupTable: identifier.describe('Table a lookup is bound to.').exactOptional(),
});

const propertyPath = z
  .string()
  .regex(/^[A-Za-z_]\w{0,127}(?:\/[A-Za-z_]\w{0,127})?$/, 'must be a property, or companionSet/property');

const shape = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z_][\w.-]{0,127}$/, 'must be letters, digits and . _ -')
    .describe('Unique and stable; the column or property unless stated.')
    .exactOptional(),
  businessCentralField: propertyPath.nullable().describe('Short form of `businessCentral`.').exactOptional(),
  attribute: identifier.nullable().describe('Short form of `dataverse`.').exactOptional(),
  businessCentral: businessCentralEnd.nullable().exactOptional(),
  dataverse: dataverseEnd.nullable().exactOptional(),
  direction: fieldSettings.direction
    .describe('Both ways, or towards the only end of a constant.')
    .exactOptional(),
  constant: constantValue.default(null),
  lookup: z.string().min(1).max(50).describe('Mapping whose couplings translate the reference.').nullish(),
  clearOnFailedSync: fieldSettings.clearOnFailedSync.default(false),
  notNull: fieldSettings.notNull.default(false),
  blankNeedsCoupled: z
    .boolean()
    .describe('A blank from Sales counts only when the present reference is coupled.')
    .exactOptional(),
  resolvedByRule: z.boolean().describe('The entity rule of the mapping writes the value.').exactOptional(),
  sentBackByRule: z
    .boolean()
    .describe('The entity rule sends an edit of the Sales value back although the field goes to Sales only.')
    .exactOptional(),
  transformation: fieldSettings.transformation.default(null),
  match: fieldSettings.match.default(null),
  enabled: fieldSettings.enabled.default(true),
});

type Shape = z.output<typeof shape>;
type BusinessCentralEnd = z.output<typeof businessCentralEnd>;
type DataverseEnd = z.output<typeof dataverseEnd>;

/** A field mapping with both ends in full; their types may still be open. */
export type FieldFile = Omit<Shape, 'businessCentralField' | 'attribute' | 'id' | 'lookup'> & {
  readonly id: string;
  readonly businessCentral: BusinessCentralEnd | null;
  readonly dataverse: DataverseEnd | null;
  readonly direction: 'both' | 'toDataverse' | 'toBusinessCentral';
  readonly lookup: string | null;
};

/** One field mapping of a file. */
export const fieldFileSchema = shape.superRefine(refuseTwoForms).transform(inFull);

function refuseTwoForms(field: Shape, context: z.core.$RefinementCtx<Shape>): void {
  const refuse = (path: string, message: string) =>
    context.addIssue({ code: 'custom', message, path: [path], params: { code: 'field-incomplete' } });
  const { businessCentral, businessCentralField, dataverse, attribute } = field;
  if (businessCentral && businessCentralField)
    refuse('businessCentralField', 'is stated by businessCentral already');
  if (dataverse && attribute) refuse('attribute', 'is stated by dataverse already');
  if (!businessCentral && !businessCentralField && !dataverse && !attribute) {
    refuse('attribute', 'must be stated, or businessCentralField, or both');
  }
}

function inFull({ businessCentralField, attribute, ...field }: Shape): FieldFile {
  const ours = field.businessCentral ?? endOfPath(businessCentralField);
  const theirs = field.dataverse ?? (attribute ? { attribute } : null);
  const oneWay = ours === null ? 'toDataverse' : 'toBusinessCentral';
  return {
    ...field,
    id: field.id ?? theirs?.attribute ?? ours?.property ?? '',
    businessCentral: ours,
    dataverse: theirs,
    direction: field.direction ?? (ours && theirs ? 'both' : oneWay),
    lookup: field.lookup ?? null,
  };
}

function endOfPath(path: string | null | undefined): BusinessCentralEnd | null {
  if (!path) return null;
  const [first = '', second] = path.split('/');
  return second === undefined ? { property: first } : { entitySet: first, property: second };
}
