/** docs/mapping.schema.json is generated from the form of mapping files, and the example of the page is right. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mappingFileSchema, mappingJsonSchema } from '../../shared/domain/mappings/mappingSchema.ts';

const folder = join(import.meta.dirname, '..', '..', 'docs');
const schemaFile = join(folder, 'mapping.schema.json');

describe('docs/mapping.schema.json', () => {
  it('is generated from the form of mapping files; if not, run UPDATE_DOCS=1 npm test -- test/docs', () => {
    const text = `${JSON.stringify(mappingJsonSchema(), null, 2)}\n`;
    if (process.env['UPDATE_DOCS']) writeFileSync(schemaFile, text);
    expect(readFileSync(schemaFile, 'utf8')).toBe(text);
  });

  it('refuses unknown properties at every level that has fixed ones', () => {
    const open: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      if ('properties' in node && !('additionalProperties' in node)) open.push(path);
      for (const [key, value] of Object.entries(node)) walk(value, `${path}/${key}`);
    };
    walk(JSON.parse(readFileSync(schemaFile, 'utf8')), '');
    expect(open).toEqual([]);
  });
});

describe('docs/mapping-files.md', () => {
  const page = readFileSync(join(folder, 'mapping-files.md'), 'utf8');
  const examples = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, text]) => text ?? '');

  it('has an example', () => expect(examples.length).toBeGreaterThan(0));

  it.each(examples)('holds an example of the right form', (text) => {
    expect(mappingFileSchema.safeParse(JSON.parse(text)).error?.issues ?? []).toEqual([]);
  });
});
