/** Errors in the shape and with the codes of the Dataverse Web API (dataverse-web-api section 14). */

/** A refusal that becomes `{"error":{"code","message"}}` with its HTTP status. */
export class DataverseError extends Error {
  readonly status: number;
  /** The hexadecimal code, such as `0x80040217`. */
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'DataverseError';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** The codes of section 14 and section 8 that the simulator raises. */
export const errorCodes = {
  invalidArgument: '0x80040203',
  privilegeMissing: '0x80040220',
  userDisabled: '0x80040225',
  rowNotFound: '0x80040217',
  deleteRestricted: '0x80040227',
  duplicateKey: '0x80040237',
  versionMismatch: '0x80060882',
  concurrencyNotEnabled: '0x8006088d',
  badQuery: '0x80060888',
  badPayload: '0x80048d19',
  textTooLong: '0x80044331',
  integerOutOfRange: '0x8004432f',
  amountOutOfRange: '0x80044330',
  optionOutOfRange: '0x8004431A',
  statusDoesNotFitState: '0x80048408',
  versionStampExpired: '0x80044352',
  tooManyRequests: '0x80072322',
  tooMuchExecutionTime: '0x80072321',
  tooManyConcurrent: '0x80072326',
  productNumberMissing: '0x80043b05',
  productNumberDuplicate: '0x80043b06',
  priceListItemDuplicate: '0x80043b0f',
  productUnitGroupMissing: '0x80043b13',
  productUnitWrong: '0x80043b14',
  productActiveToDraft: '0x8004f912',
  productRetiredToActive: '0x8004f977',
  productRetiredToDraft: '0x8004f979',
  productNotInDraft: '0x8004f995',
} as const;

/** 400 for a body that does not fit the table. */
export function badPayload(message: string): DataverseError {
  return new DataverseError(400, errorCodes.badPayload, message);
}

/** 400 for a query that does not fit the table. */
export function badQuery(message: string): DataverseError {
  return new DataverseError(400, errorCodes.badQuery, message);
}

/** 400 for a value that a business rule refuses. */
export function invalidArgument(message: string): DataverseError {
  return new DataverseError(400, errorCodes.invalidArgument, message);
}

/** 404 for a row that is not there. */
export function rowNotFound(logicalName: string, id: string): DataverseError {
  return new DataverseError(
    404,
    errorCodes.rowNotFound,
    `Entity '${logicalName}' With Id = ${id} Does Not Exist`,
  );
}

/** 404 for an address that names no resource. */
export function segmentNotFound(segment: string): DataverseError {
  return new DataverseError(404, errorCodes.badQuery, `Resource not found for the segment '${segment}'.`);
}

/** 405 for a method the resource does not take. */
export function methodNotAllowed(method: string, resource: string): DataverseError {
  return new DataverseError(
    405,
    errorCodes.badQuery,
    `The method ${method} is not supported on ${resource}.`,
  );
}

/** The error for a property a query names and the table does not have. */
export function unknownProperty(property: string, logicalName: string): DataverseError {
  return badQuery(
    `Could not find a property named '${property}' on type 'Microsoft.Dynamics.CRM.${logicalName}'.`,
  );
}
