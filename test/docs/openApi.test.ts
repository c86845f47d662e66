/** docs/openapi.json is generated from the endpoints; `UPDATE_DOCS=1 npm test -- test/docs` writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allEndpoints } from '../../functions/api/endpoints.ts';
import { callApi } from '../../functions/api/testing/callApi.ts';
import { openApiDocument } from '../../functions/http/openApi.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';

const file = join(import.meta.dirname, '..', '..', 'docs', 'openapi.json');

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { name: string; in: string; required: boolean; schema: unknown }[];
  readonly requestBody?: { content: { 'application/json': { schema: Record<string, unknown> } } };
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const document = JSON.parse(JSON.stringify(openApiDocument(allEndpoints))) as Document;

describe('the OpenAPI document', () => {
  it('is the one in docs/openapi.json', () => {
    const text = `${JSON.stringify(document, null, 2)}\n`;
    if (process.env['UPDATE_DOCS']) writeFileSync(file, text);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('is served by the app', async () => {
    const { status, body } = await callApi(memoryComposition().composition, 'GET /api/openapi.json');
    expect(status).toBe(200);
    expect(body).toEqual(document);
  });

  it('has one operation per endpoint, each with a name of its own', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    const names = operations.map(({ operationId }) => operationId);
    expect(names.toSorted()).toEqual(allEndpoints.map(({ name }) => name).toSorted());
    expect(new Set(names).size).toBe(names.length);
  });

  it('tells parameters of address and query as they are checked', () => {
    const run = document.paths['/api/jobs/{name}/run']?.['post'];
    expect(run?.parameters).toEqual([
      { name: 'name', in: 'path', required: true, schema: { type: 'string' } },
      expect.objectContaining({ name: 'wait', in: 'query', required: false }),
      expect.objectContaining({ name: 'dryRun', in: 'query', required: false }),
    ]);
  });

  it('leaves no body undescribed', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    const bodies = operations.flatMap(({ requestBody }) =>
      requestBody ? [requestBody.content['application/json'].schema] : [],
    );
    expect(bodies.length).toBeGreaterThan(10);
    expect(bodies.filter((schema) => !('properties' in schema) && !('anyOf' in schema))).toEqual([]);
  });

  it('tells bodies as they are checked', () => {
    const start = document.paths['/api/full-sync']?.['post']?.requestBody;
    expect(start?.content['application/json'].schema).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: {
        mappings: { type: 'array', items: { type: 'string' } },
        recommendations: { additionalProperties: { enum: ['full', 'couple', 'none'] } },
        keepCreatingNew: { type: 'boolean' },
      },
    });
  });
});
