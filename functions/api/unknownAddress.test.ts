/** Addresses and methods that do not exist are told as any other error (contract section 3). */
import { HttpRequest, InvocationContext } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../http/answerSchema.ts';
import { apiOrigin } from './testing/callApi.ts';
import { unknownAddress } from './unknownAddress.ts';

async function ask(method: string, path: string) {
  const request = new HttpRequest({ method, url: `${apiOrigin}${path}`, params: {}, query: {}, headers: {} });
  const context = new InvocationContext({ functionName: 'unknown-address', logHandler: () => {} });
  const answer = (await unknownAddress(request, context)) as {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  return { ...answer, error: errorAnswer.parse(JSON.parse(answer.body)).error };
}

describe('an address that does not exist', () => {
  it.each(['/api/nope', '/api/jobs/CUSTOMER/nope', '/api/'])('%s is answered with 404', async (path) => {
    const { status, error } = await ask('GET', path);
    expect([status, error.code]).toEqual([404, 'address-not-found']);
  });

  it.each([
    ['DELETE', '/api/jobs/CUSTOMER', 'GET, PATCH'],
    ['GET', '/api/synchronize-modified', 'POST'],
    ['POST', '/api/couplings/', 'POST'],
    ['PUT', '/api/table-mappings/PAYMENT%20TERMS', 'GET, PATCH, DELETE'],
    ['GET', '/api/notifications/dataverse', 'POST'],
  ])('%s %s is answered with 405 and the methods there are', async (method, path, allowed) => {
    const { status, error, headers } = await ask(method, path);
    expect([status, error.code]).toEqual([405, 'method-not-allowed']);
    expect(headers['allow']).toContain(allowed);
  });
});
