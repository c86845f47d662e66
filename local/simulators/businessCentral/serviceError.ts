/** Errors in the shape and with the codes of the service (business-central-api section 5). */

/** An answer that is an error: HTTP status, service code and message. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'ServiceError';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** 400 `BadRequest`: unknown property, wrong type, malformed JSON. */
export function badRequest(message: string, code = 'BadRequest'): ServiceError {
  return new ServiceError(400, code, message);
}

/** 400 for something the service understands and does not do. */
export function notImplemented(message: string): ServiceError {
  return new ServiceError(400, 'BadRequest_MethodNotImplemented', message);
}

/** 400 `Application_DialogException`: AL code raised an error. */
export function dialogError(message: string): ServiceError {
  return new ServiceError(400, 'Application_DialogException', message);
}

/** 400 `Application_FieldValidationException`: a field that must have a value is blank. */
export function fieldMissing(column: string, table: string): ServiceError {
  return new ServiceError(
    400,
    'Application_FieldValidationException',
    `${column} must have a value in ${table}. It cannot be zero or empty.`,
  );
}

/** 404 for a set, segment or action that does not exist on the route. */
export function resourceNotFound(what: string): ServiceError {
  return new ServiceError(
    404,
    'BadRequest_ResourceNotFound',
    `Resource not found for the segment '${what}'.`,
  );
}

/** 404 for a record that does not exist. */
export function recordNotFound(table: string, id: string): ServiceError {
  return new ServiceError(404, 'Internal_RecordNotFound', `The ${table} with the id ${id} does not exist.`);
}

/** 400 for a record whose key is taken. */
export function sameKeyExists(table: string, key: string): ServiceError {
  return new ServiceError(
    400,
    'Internal_EntityWithSameKeyExists',
    `The record in table ${table} already exists. Identification fields and values: ${key}.`,
  );
}

/** 400 for a value that has no row in the table it points at. */
export function invalidRelation(column: string, table: string, value: string, related: string): ServiceError {
  return new ServiceError(
    400,
    'Internal_InvalidTableRelation',
    `The field ${column} of table ${table} contains a value (${value}) that cannot be found in the related table (${related}).`,
  );
}

/** The JSON body of an error, with the correlation id behind the message as the service writes it. */
export function errorBody(error: ServiceError, correlationId: string): object {
  return { error: { code: error.code, message: `${error.message}  CorrelationId:  ${correlationId}.` } };
}
