/** The small parts of the adapter: literals, values, error bodies and rows of the error table. */
import { describe, expect, it } from 'vitest';
import { instant } from '../../domain/common/instants.ts';
import { classify } from '../http/errorTable.ts';
import { routeUrl } from './address.ts';
import { businessCentralRules, readErrorBody } from './errors.ts';
import { equalsAny, guidLiteral, instantLiteral, queryString, textLiteral, valueLiteral } from './odata.ts';
import { decodeMemberName, readValue, readValues, writeBody } from './values.ts';

const guid = 'AAAAAAAA-0000-0000-0000-00000000000A';

describe('OData literals (section 3.1)', () => {
  it('double the quotes of texts', () => {
    expect(textLiteral("O'Neil's")).toBe("'O''Neil''s'");
    expect(textLiteral('')).toBe("''");
  });

  it('leave instants and GUIDs bare, GUIDs in lower case', () => {
    expect(instantLiteral(instant('2026-01-31T10:00:00.1Z'))).toBe('2026-01-31T10:00:00.100Z');
    expect(guidLiteral(guid)).toBe(guid.toLowerCase());
    expect(valueLiteral(guid)).toBe(guid.toLowerCase());
    expect(valueLiteral('10000')).toBe("'10000'");
    expect(() => guidLiteral("x' or 1 eq 1")).toThrow(RangeError);
  });

  it('join values of one property with or', () => {
    expect(equalsAny('number', ["'1'", "'2'"])).toBe("number eq '1' or number eq '2'");
  });

  it('make a query string that is encoded and names each property once', () => {
    expect(queryString({ select: ['id', 'a', 'id'], filter: "a eq 'x&y'", orderBy: 'a desc' })).toBe(
      "?$select=id,a&$filter=a%20eq%20'x%26y'&$orderby=a%20desc",
    );
    expect(queryString({})).toBe('');
  });

  it('routes follow the environment, with or without a slash at its end', () => {
    expect(routeUrl('https://h/v2.0/t/e/', 'v2.0')).toBe('https://h/v2.0/t/e/api/v2.0');
    expect(routeUrl('https://h', 'companion')).toBe('https://h/api/openSync/salesIntegration/v1.0');
  });
});

describe('values (section 3.5)', () => {
  it.each([
    ['_x0020_', ' '],
    ['Credit_x0020_Memo', 'Credit Memo'],
    ['Non_x002D_Inventory', 'Non-Inventory'],
    ['Überfällig_x0020_1', 'Überfällig 1'],
    ['Company', 'Company'],
    ['file_xyz', 'file_xyz'],
    ['see _x0020_ here', 'see _x0020_ here'],
  ])('member name %s reads as %j', (sent, name) => {
    expect(decodeMemberName(sent)).toBe(name);
  });

  it.each([
    ['2026-01-05T12:10:44.5Z', '2026-01-05T12:10:44.500Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['2026-01-05', '2026-01-05'],
    [guid, guid.toLowerCase()],
    [12.5, 12.5],
    [false, false],
    [null, null],
    [[], undefined],
  ])('%j reads as %j', (sent, value) => {
    expect(readValue(sent)).toBe(value);
  });

  it('are read in the order of the selection, those a row lacks left out', () => {
    expect(Object.entries(readValues({ a: 1, b: 'x', c: {} }, ['b', 'a', 'c', 'd']))).toEqual([
      ['b', 'x'],
      ['a', 1],
    ]);
  });

  it('are written as they are, but null is left out and the blank member named', () => {
    expect(writeBody({ a: '', b: null, c: ' ', d: 0, e: 'Credit Memo' })).toEqual({
      a: '',
      c: '_x0020_',
      d: 0,
      e: 'Credit Memo',
    });
  });
});

describe('errors (section 5)', () => {
  it('lose their correlation id', () => {
    const message = 'No.  CorrelationId:  01234567-89ab-cdef-0123-456789abcdef.';
    expect(readErrorBody(JSON.stringify({ error: { code: 'BadRequest', message } }))).toEqual({
      code: 'BadRequest',
      message: 'No.',
    });
  });

  it.each(['', '<html></html>', '[]', '{"error":"x"}'])('read the body %j as saying nothing', (text) => {
    expect(readErrorBody(text)).toEqual({ code: '', message: '' });
  });

  it.each([
    [400, 'Application_DialogException', 'data', 'record-refused', 'no'],
    [400, 'Internal_EntityWithSameKeyExists', 'data', 'record-exists', 'no'],
    [400, 'BadRequest_InvalidOperation', 'config', 'property-read-only', 'no'],
    [400, 'BadRequest_InvalidToken', 'bug', 'bad-request', 'no'],
    [400, 'Unknown', 'bug', 'batch-refused', 'no'],
    [401, 'Authentication_InvalidCredentials', 'permission', 'authentication-failed', 'no'],
    [403, 'Authorization_X', 'permission', 'permission-missing', 'no'],
    [404, 'Internal_CompanyNotFound', 'config', 'company-not-found', 'no'],
    [404, 'BadRequest_ResourceNotFound', 'config', 'entity-set-not-found', 'no'],
    [405, 'BadRequest_MethodNotAllowed', 'config', 'entity-set-read-only', 'no'],
    [409, 'Request_EntityChanged', 'conflict', 'record-changed', 'no'],
    [429, '', 'throttled', 'throttled', 'always'],
    [500, 'Internal_ServerError', 'transient', 'service-failed', 'ifIdempotent'],
    [504, '', 'transient', 'request-timed-out', 'ifIdempotent'],
  ])('%i %s is %s %s', (status, code, kind, appCode, retry) => {
    expect(classify(businessCentralRules, { status, code, message: '' })).toMatchObject({
      kind,
      appCode,
      retry,
    });
  });
});
