/** `npm run al`: writes the companion app into infra/businessCentral, which the AL compiler of the user's pipeline builds. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { appFiles, type ObjectIds } from './appFiles.ts';

const folder = join(process.argv[2] ?? process.cwd(), 'infra', 'businessCentral');
const idsFile = join(folder, 'objectIds.json');
const known = existsSync(idsFile) ? (JSON.parse(readFileSync(idsFile, 'utf8')) as ObjectIds) : {};
const files = appFiles(known);

for (const [path, text] of files) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
for (const path of readdirSync(join(folder, 'pages')).map((name) => `pages/${name}`)) {
  if (!files.has(path)) rmSync(join(folder, path));
}
console.log(`Wrote ${files.size} files to ${folder}.`);
