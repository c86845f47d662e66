/** The page of settings and the sample file say what the program does. `UPDATE_DOCS=1 npm test` writes the page anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { parseSettings } from './settings.ts';
import { settingsDocument } from './settingsDocument.ts';
import { schedulePrefix, settingsShape } from './settingsSchema.ts';

const page = new URL('../../docs/settings.md', import.meta.url);
const sample = new URL('../../local.settings.sample.json', import.meta.url);

it('docs/settings.md is generated from the settings; if not, run UPDATE_DOCS=1 npm test', () => {
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, settingsDocument());
  expect(readFileSync(page, 'utf8')).toBe(settingsDocument());
});

it('every setting is described', () => {
  for (const [name, schema] of Object.entries(settingsShape)) expect(schema.description, name).toBeTruthy();
});

it('the sample of local settings is accepted, and names no unknown setting', () => {
  const { Values } = z
    .object({ Values: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(sample, 'utf8')));
  expect(parseSettings(Values)).toMatchObject({ ok: true });
  const known = [...Object.keys(settingsShape), 'FUNCTIONS_WORKER_RUNTIME'];
  const unknown = Object.keys(Values).filter(
    (name) => !known.includes(name) && !name.startsWith(schedulePrefix) && !name.startsWith('AZURE_'),
  );
  expect(unknown).toEqual([]);
});
