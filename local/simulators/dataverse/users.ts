/**
 * Who a bearer token stands for. An unknown token text becomes a new user of that name, without a licence.
 * What users may do is said in security/; a new user has no role, and may do everything.
 */
import { seededGuid } from '../common/random.ts';
import { DataverseError, errorCodes } from './errors.ts';
import { type ActingUser, currentInstant, type Organisation } from './organisation.ts';
import { cellOf, type Row, textOf } from './store/row.ts';

const integrationToken = 'integration';
const nonInteractive = 4;
const matchedProperties = [
  'domainname',
  'internalemailaddress',
  'azureactivedirectoryobjectid',
  'applicationid',
  'fullname',
] as const;

/**
 * The user of a token, and the user it acts as when the headers say so (dataverse-web-api section 3).
 * Raises 403 for a disabled user and 400 for an impersonated user that does not exist.
 */
export function actingUser(
  organisation: Organisation,
  token: string,
  headers: Readonly<Record<string, string>> = {},
): ActingUser {
  const caller = enabled(userOfToken(organisation, token));
  const impersonated = impersonatedUser(organisation, headers);
  return impersonated ? { user: enabled(impersonated), onBehalf: caller } : { user: caller, onBehalf: null };
}

function enabled(user: Row): Row {
  if (cellOf(user, 'isdisabled') !== true) return user;
  throw new DataverseError(
    403,
    errorCodes.userDisabled,
    `The specified user (Id = ${textOf(user, 'systemuserid')}) is disabled.`,
  );
}

function userOfToken(organisation: Organisation, token: string): Row {
  const users = organisation.store.table('systemuser');
  if (token.toLowerCase() === integrationToken) {
    const found = users.withValue('accessmode', nonInteractive)[0];
    if (found) return found;
  }
  for (const property of matchedProperties) {
    const found = users.withValue(property, token)[0];
    if (found) return found;
  }
  return createUser(organisation, token);
}

function impersonatedUser(organisation: Organisation, headers: Readonly<Record<string, string>>): Row | null {
  const objectId = headers['callerobjectid'];
  const userId = headers['mscrmcallerid'];
  if (!objectId && !userId) return null;
  const users = organisation.store.table('systemuser');
  const user = objectId
    ? users.withValue('azureactivedirectoryobjectid', objectId)[0]
    : users.get(String(userId).toLowerCase());
  if (!user) {
    throw new DataverseError(400, errorCodes.rowNotFound, 'The user to act on behalf of does not exist.');
  }
  return user;
}

/** Unlicensed, so that it never counts as a salesperson. */
function createUser(organisation: Organisation, token: string): Row {
  const { store } = organisation;
  const id = seededGuid(organisation.random);
  const instant = currentInstant(organisation);
  const row: Row = {
    systemuserid: id,
    fullname: token,
    lastname: token,
    domainname: token,
    _businessunitid_value: rootBusinessUnit(organisation),
    isdisabled: false,
    islicensed: false,
    isintegrationuser: false,
    accessmode: 0,
    createdon: instant,
    _createdby_value: id,
    modifiedon: instant,
    _modifiedby_value: id,
    versionnumber: store.nextVersion(),
  };
  store.put(store.tableOf('systemuser'), row);
  return row;
}

function rootBusinessUnit(organisation: Organisation): string | null {
  for (const unit of organisation.store.table('businessunit').rows()) {
    if (cellOf(unit, '_parentbusinessunitid_value') === null) return textOf(unit, 'businessunitid');
  }
  return null;
}
