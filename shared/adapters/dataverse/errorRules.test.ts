/** The error table (dataverse-web-api sections 14, 15). */
import { describe, expect, it } from 'vitest';
import { classify } from '../http/errorTable.ts';
import { dataverseErrorRules, readDataverseErrorBody } from './errorRules.ts';

function decided(status: number, code: string): string {
  const { kind, retry } = classify(dataverseErrorRules, { status, code, message: '' });
  return `${kind} ${retry}`;
}

describe('the error table', () => {
  it.each([
    [404, '0x80040217', 'deleted no'],
    [404, '0x80060891', 'data no'],
    [403, '0x80040220', 'permission no'],
    [403, '0x80048306', 'permission no'],
    [412, '0x80040237', 'conflict no'],
    [412, '0x80060892', 'data no'],
    [500, '0x80040333', 'data no'],
    [412, '0x80060882', 'conflict no'],
    [412, '0x80060883', 'conflict no'],
    [400, '0x8006088D', 'config no'],
    [404, '0x80060888', 'config no'],
    [400, '0x80048d19', 'config no'],
    [400, '0x80044331', 'data no'],
    [400, '0x8004432f', 'data no'],
    [400, '0x80044330', 'data no'],
    [400, '0x8004431A', 'data no'],
    [400, '0x8004431a', 'data no'],
    [400, '0x80048408', 'data no'],
    [400, '0x80040203', 'data no'],
    [400, '0x80040265', 'data no'],
    [500, '0x80044150', 'transient ifIdempotent'],
    [400, '0x80044151', 'transient ifIdempotent'],
    [400, '0x80044352', 'transient no'],
    [429, '0x80072322', 'throttled always'],
    [429, '0x80072321', 'throttled always'],
    [429, '0x80072326', 'throttled always'],
    [429, '-2147015902', 'throttled always'],
    [400, '0x80043b0f', 'data no'],
    [400, '0x80049959', 'data no'],
    [400, '0x80049929', 'data no'],
    [400, '0x80044a02', 'data no'],
    [400, '', 'data no'],
    [405, '', 'config no'],
    [412, '', 'conflict no'],
    [429, '', 'throttled always'],
    [500, '', 'transient ifIdempotent'],
    [503, '', 'transient ifIdempotent'],
  ])('decides on the code first and the status second: %i %s is %s', (status, code, expected) => {
    expect(decided(status, code)).toBe(expected);
  });
});

describe('readDataverseErrorBody', () => {
  it('reads code and message, either of which may be absent', () => {
    expect(readDataverseErrorBody('{"error":{"code":"0x1","message":"m"}}')).toEqual({
      code: '0x1',
      message: 'm',
    });
    expect(readDataverseErrorBody('{"error":{"message":"m"}}')).toEqual({ code: '', message: 'm' });
  });

  it('gives empty texts for a body that is none of the service', () => {
    expect(readDataverseErrorBody('<html>Bad gateway</html>')).toEqual({ code: '', message: '' });
    expect(readDataverseErrorBody('')).toEqual({ code: '', message: '' });
  });
});
