/** Checks one value of a request body against its property: type, length, enum member (sections 3.5 and 4). */
import type { Value } from '../schema/entityModel.ts';
import type { Property } from '../schema/schema.ts';
import { badRequest, ServiceError } from '../serviceError.ts';

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const date = /^\d{4}-\d{2}-\d{2}$/;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** The value as it is stored. Raises {@link ServiceError} 400. */
export function checkValue(property: Property, value: unknown): Value {
  if (property.enum) return enumMember(property, value);
  switch (property.type) {
    case 'Edm.Boolean':
      if (typeof value === 'boolean') return value;
      break;
    case 'Edm.Decimal':
      if (typeof value === 'number' && Number.isFinite(value)) return value;
      break;
    case 'Edm.Int32':
    case 'Edm.Int64':
      if (typeof value === 'number' && Number.isInteger(value)) return value;
      break;
    default:
      if (typeof value === 'string') return checkText(property, value);
  }
  throw wrongType(property, value);
}

function checkText(property: Property, value: string): string {
  switch (property.type) {
    case 'Edm.Guid':
      if (!guid.test(value)) throw wrongType(property, value);
      return value.toLowerCase();
    case 'Edm.Date':
      if (!date.test(value) || Number.isNaN(Date.parse(value))) throw wrongType(property, value);
      return value;
    case 'Edm.DateTimeOffset':
      if (!instant.test(value) || Number.isNaN(Date.parse(value))) throw wrongType(property, value);
      return new Date(value).toISOString().replace(/\.?0+Z$/, 'Z');
    default:
      return checkLength(property, property.code ? value.trim().toUpperCase() : value);
  }
}

function checkLength(property: Property, value: string): string {
  if (property.maxLength === undefined || value.length <= property.maxLength) return value;
  throw new ServiceError(
    400,
    'Application_StringExceededLength',
    `The length of the string is ${value.length}, but it must be less than or equal to ${property.maxLength} characters. Value: ${value}.`,
  );
}

function enumMember(property: Property, value: unknown): Value {
  const member = value === ' ' || value === '' ? '_x0020_' : value;
  if (typeof member === 'string' && property.values?.includes(member)) return member;
  throw wrongType(property, value);
}

function wrongType(property: Property, value: unknown): ServiceError {
  return badRequest(
    `Cannot convert the value ${JSON.stringify(value)} of '${property.name}' to the type '${property.type}'.`,
  );
}
