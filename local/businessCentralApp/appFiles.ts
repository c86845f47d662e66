/** The files of the companion app: manifest, pages and permission set, all from the one list of entity sets. */
import { companionRoute } from '../simulators/businessCentral/schema/entityModel.ts';
import { type EntitySet, entitySets } from '../simulators/businessCentral/schema/schema.ts';
import { identifier, pageName } from './names.ts';
import { type PageModel, pageModel } from './pageModel.ts';
import { pageText, tableText } from './pageText.ts';
import { boundActions, codeunitsBeside, tablesReadBeside, withoutSymbols } from './recipes.ts';

/** Numbers of objects by name; once given, a number stays. */
export type ObjectIds = Readonly<Record<string, number>>;

/** Range of per-tenant extensions; a publisher on AppSource is given another. */
export const idRange = { from: 50300, to: 50399 } as const;
const permissionSetName = 'OS Integration';

/** Raised with each change of pages or fields. */
const appVersion = '1.0.0.0';

/** The sets the companion app serves. */
export function companionSets(sets: readonly EntitySet[] = entitySets): readonly EntitySet[] {
  return sets.filter(({ route }) => route === companionRoute);
}

/** Pages in the order of their names. Throws as pageModel does. */
export function companionPages(sets: readonly EntitySet[] = companionSets()): readonly PageModel[] {
  return sets
    .map((set) => pageModel(set, sets))
    .sort((left, right) => (left.entitySet < right.entitySet ? -1 : 1));
}

/** The numbers of all objects: those known, and the next free ones. Throws when the range is used up. */
export function withNewIds(known: ObjectIds, pages: readonly PageModel[]): ObjectIds {
  const ids: Record<string, number> = { ...known };
  let next = Math.max(idRange.from - 1, ...Object.values(known)) + 1;
  const tables = gatheredPages(pages).map(({ table }) => table);
  for (const name of [permissionSetName, ...pages.map(({ entitySet }) => pageName(entitySet)), ...tables]) {
    if (name in ids) continue;
    if (next > idRange.to) throw new Error(`The numbers up to ${idRange.to} are used up.`);
    ids[name] = next;
    next += 1;
  }
  return ids;
}

/** Pages with a temporary table of their own. */
function gatheredPages(pages: readonly PageModel[]): readonly PageModel[] {
  return pages.filter(({ gathered }) => gathered !== null);
}

/** Every file by its path in infra/businessCentral. */
export function appFiles(known: ObjectIds, pages = companionPages()): ReadonlyMap<string, string> {
  const ids = withNewIds(known, pages);
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const files = new Map([
    ['app.json', json(manifest)],
    ['objectIds.json', json(ids)],
    ['permissions/OSIntegration.PermissionSet.al', permissionSetText(pages, ids[permissionSetName] ?? 0)],
  ]);
  for (const page of pages) {
    const name = pageName(page.entitySet);
    files.set(`pages/${name.replaceAll(' ', '')}.Page.al`, pageText(page, ids[name] ?? 0));
  }
  for (const page of gatheredPages(pages)) {
    files.set(`tables/${page.table.replaceAll(' ', '')}.Table.al`, tableText(page, ids[page.table] ?? 0));
  }
  return files;
}

const manifest = {
  id: '3c6f6f0c-64a4-4a3b-9a0c-6a51b1f6c1d7',
  name: 'Sales Integration API',
  publisher: 'openSync',
  version: appVersion,
  brief: 'API pages that a synchronisation with Dynamics 365 Sales needs beside API v2.0.',
  description:
    'Adds what API v2.0 lacks: price lists, resources, posted invoices, and fields of customers, contacts, items and orders.',
  platform: '24.0.0.0',
  application: '24.0.0.0',
  runtime: '13.0',
  target: 'Cloud',
  idRanges: [idRange],
  features: ['NoImplicitWith'],
  dependencies: [],
  preprocessorSymbols: [],
  resourceExposurePolicy: {
    allowDebugging: true,
    allowDownloadingSource: true,
    includeSourceInSymbolFile: true,
  },
};

/** Rights by table: R read, I insert, M modify, D delete. */
function tableRights(pages: readonly PageModel[]): ReadonlyMap<string, string> {
  const rights = new Map<string, string>();
  const grant = (table: string, letters: string): void => {
    const all = new Set([...(rights.get(table) ?? ''), ...letters]);
    rights.set(table, [...'RIMD'].filter((letter) => all.has(letter)).join(''));
  };
  for (const { gathered } of gatheredPages(pages)) {
    for (const [table, letters] of Object.entries(gathered?.rights ?? {})) grant(table, letters);
  }
  for (const { table, insertAllowed, modifyAllowed, deleteAllowed, fields, entitySet } of pages) {
    if (entitySet in withoutSymbols) continue;
    grant(table, `R${insertAllowed ? 'I' : ''}${modifyAllowed ? 'M' : ''}${deleteAllowed ? 'D' : ''}`);
    for (const { computed } of fields) {
      for (const beside of tablesReadBeside[computed?.procedure ?? ''] ?? []) grant(beside, 'R');
    }
  }
  return rights;
}

function permissionSetText(pages: readonly PageModel[], objectId: number): string {
  const always = pages.filter(({ entitySet }) => !(entitySet in withoutSymbols));
  const conditional = pages.filter(({ entitySet }) => entitySet in withoutSymbols);
  const page = (each: PageModel) => `page ${identifier(pageName(each.entitySet))} = X`;
  const called = pages.flatMap(({ fields, gathered }) => [
    ...fields.flatMap(({ computed }) => codeunitsBeside[computed?.procedure ?? ''] ?? []),
    ...(gathered?.codeunits ?? []),
  ]);
  const codeunits = [
    ...new Set([...Object.values(boundActions).map(({ codeunit }) => codeunit), ...called]),
  ].sort();
  const lines = [
    ...always.map(page),
    ...codeunits.map((name) => `codeunit ${identifier(name)} = X`),
    ...[...tableRights(pages)].sort().map(([table, rights]) => `tabledata ${identifier(table)} = ${rights}`),
  ];
  const optional = conditional.map(
    (each) =>
      `#if not ${withoutSymbols[each.entitySet]}\n        ${page(each)},\n        tabledata ${identifier(each.table)} = R,\n#endif\n`,
  );
  return `permissionset ${objectId} ${identifier(permissionSetName)}
{
    Assignable = true;
    Caption = 'Sales integration API', Locked = true;
    Permissions =
${optional.join('')}${lines.map((line) => `        ${line}`).join(',\n')};
}
`;
}
