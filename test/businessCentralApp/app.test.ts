/** The companion app has the pages and fields that the app asks for and the simulator serves, and its AL is well-formed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  appFiles,
  companionPages,
  companionSets,
  idRange,
  withNewIds,
} from '../../local/businessCentralApp/appFiles.ts';
import { pageName } from '../../local/businessCentralApp/names.ts';
import { pageModel } from '../../local/businessCentralApp/pageModel.ts';
import { pageText } from '../../local/businessCentralApp/pageText.ts';
import type { EntitySet } from '../../local/simulators/businessCentral/schema/schema.ts';
import { possibleMappings } from '../../shared/domain/mappings/catalog.ts';
import type { TableMapping } from '../../shared/domain/mappings/model.ts';
import { orderIntegrations, ownershipModels } from '../../shared/domain/mappings/variants.ts';
import { type AlBlock, blocksOf, readAl } from './alReader.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'infra', 'businessCentral');
const written = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => /\.(al|json)$/.test(name));
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const pages = written.filter((name) => name.endsWith('.Page.al')).map((name) => readAl(read(name)));
const tables = written.filter((name) => name.endsWith('.Table.al')).map((name) => readAl(read(name)));
const sets = companionSets();
const text = (block: AlBlock, property: string) => (block.properties.get(property) ?? '').replaceAll("'", '');
const pageOf = (entitySet: string) => pages.find((page) => text(page, 'EntitySetName') === entitySet);
const fieldsOf = (page: AlBlock) => blocksOf(page, 'field').map(({ head }) => head[0] ?? '');
const required = <Value>(value: Value | undefined, what: string): Value => {
  if (value === undefined) throw new Error(`There is no ${what}.`);
  return value;
};

describe('infra/businessCentral', () => {
  it('is what the list of entity sets gives; `npm run al` renews it', () => {
    const files = appFiles(JSON.parse(read('objectIds.json')) as Record<string, number>);
    expect(written.toSorted()).toEqual([...files.keys()].toSorted());
    for (const [name, expected] of files) expect(read(name), name).toBe(expected);
  });

  it('numbers each object once, within the range of the manifest', () => {
    const ids = JSON.parse(read('objectIds.json')) as Record<string, number>;
    const numbers = Object.values(ids);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.filter((id) => id < idRange.from || id > idRange.to)).toEqual([]);
    for (const page of pages) expect(ids[required(page.head[1], 'name')]).toBe(Number(page.head[0]));
  });

  it('keeps numbers when sets come and go, and gives new ones the next', () => {
    const [first, second] = companionPages();
    const known = withNewIds({}, [required(second, 'page')]);
    const later = withNewIds(known, [required(first, 'page')]);
    expect(later).toMatchObject(known);
    expect(later[pageName(required(first, 'page').entitySet)]).toBe(Math.max(...Object.values(known)) + 1);
  });
});

describe('pages of the companion app', () => {
  it.each(sets.map((set) => [set.entitySet, set] as const))(
    '%s has the properties, rights, parts and actions of the simulator',
    (entitySet, set) => {
      const page = required(pageOf(entitySet), `page of ${entitySet}`);
      expect(fieldsOf(page)).toEqual(set.properties.map(({ name }) => name));
      expect(text(page, 'EntityName')).toBe(set.entityType);
      expect(text(page, 'InsertAllowed')).toBe(String(set.insertAllowed));
      expect(text(page, 'ModifyAllowed')).toBe(String(set.modifyAllowed));
      expect(text(page, 'DeleteAllowed')).toBe(String(set.deleteAllowed));
      const names = (list: readonly string[]) => list.map((name) => name.toLowerCase());
      expect(names(page.actions)).toEqual(names(set.boundActions.map(({ name }) => name)));
      expect(blocksOf(page, 'part').map(({ head }) => head[0])).toEqual(
        set.navigation.map(({ name }) => name),
      );
    },
  );

  it.each(sets.map((set) => [set.entitySet, set] as const))(
    '%s takes what is writable, and nothing else',
    (entitySet, set) => {
      const fields = blocksOf(required(pageOf(entitySet), entitySet), 'field');
      const editable = fields
        .filter((field) => text(field, 'Editable') !== 'false')
        .map(({ head }) => head[0]);
      const writable = set.properties.filter(
        ({ readOnly, writableOnInsert }) => !readOnly || writableOnInsert,
      );
      expect(editable).toEqual(writable.map(({ name }) => name));
    },
  );

  it.each(pages.map((page) => [text(page, 'EntitySetName'), page] as const))(
    '%s is an API page of the route, whose changes notify unless it gathers its records (business-central-api 7.2, 7.3, 8)',
    (entitySet, page) => {
      const isGathered = text(page, 'SourceTableTemporary') === 'true';
      const route = ['PageType', 'APIPublisher', 'APIGroup', 'APIVersion', 'ODataKeyFields'].map((name) =>
        text(page, name),
      );
      const [key, stamp] = isGathered ? ['Id', '"Modified At"'] : ['SystemId', 'SystemModifiedAt'];
      expect(route).toEqual(['API', 'openSync', 'salesIntegration', 'v1.0', key]);
      const sourceOf = (name: string) =>
        blocksOf(page, 'field').find(({ head }) => head[0] === name)?.head[1];
      expect(sourceOf('lastModifiedDateTime')).toBe(`Rec.${stamp}`);
      expect(sourceOf('id')).toBe(`Rec.${key}`);
      expect(page.head[1]?.length).toBeLessThanOrEqual(30);
      if (isGathered)
        expect(sets.find((set) => set.entitySet === entitySet)).toMatchObject({ webhookSupported: false });
    },
  );

  it('that gather their records have a temporary table with every field they show', () => {
    const gathered = pages.filter((page) => text(page, 'SourceTableTemporary') === 'true');
    expect(gathered.length).toBeGreaterThan(0);
    for (const page of gathered) {
      const name = required(page.properties.get('SourceTable'), 'table').replaceAll('"', '');
      const table = required(
        tables.find(({ head }) => head[1] === name),
        name,
      );
      expect(text(table, 'TableType')).toBe('Temporary');
      const fields = blocksOf(table, 'field').map(({ head }) => head[1]);
      const shown = blocksOf(page, 'field').flatMap(({ head }) => {
        const [, field] = /^Rec\.(.*)$/.exec(head[1] ?? '') ?? [];
        return field === undefined ? [] : [field.replaceAll('"', '')];
      });
      expect(shown.filter((field) => !fields.includes(field))).toEqual([]);
    }
  });

  it('are all in the permission set, with the rights that their pages need', () => {
    const [set] = written
      .filter((name) => name.endsWith('.PermissionSet.al'))
      .map((name) => readAl(read(name)));
    const permissions = required(set?.properties.get('Permissions'), 'permissions');
    for (const page of pages) {
      const [, name = ''] = page.head;
      expect(permissions).toContain(`page "${name}" = X`);
      const table = required(page.properties.get('SourceTable'), 'table');
      const rights = required(
        permissions.split(' , ').find((each) => each.startsWith(`tabledata ${table} =`)),
        table,
      );
      if (text(page, 'ModifyAllowed') === 'true') expect(rights).toMatch(/M/);
      if (text(page, 'InsertAllowed') === 'true') expect(rights.split('=')[1]).toMatch(/I/);
    }
  });
});

/** Every property of the companion app that any variant of the default mappings reads or writes. */
function used(mapping: TableMapping): readonly (readonly [string, string])[] {
  const { entitySet, route, extraFields } = mapping.businessCentral;
  const all = [...mapping.fields.map(({ businessCentral }) => businessCentral), ...extraFields];
  return all.flatMap((field) => {
    if (field === null) return [];
    const set = field.entitySet ?? (route === 'companion' ? entitySet : null);
    return set === null ? [] : [[set, field.property] as const];
  });
}

describe('the default mappings', () => {
  const variants = ownershipModels.flatMap((ownershipModel) =>
    orderIntegrations.map((orderIntegration) => ({ ownershipModel, orderIntegration })),
  );
  const all = variants.flatMap((variant) => possibleMappings(variant));

  it('ask for pages and fields that the companion app has', () => {
    const pairs = all.flatMap(used);
    expect(pairs.length).toBeGreaterThan(50);
    const missing = pairs.filter(([set, property]) => {
      const page = pageOf(set);
      return page === undefined || !fieldsOf(page).includes(property);
    });
    expect(missing).toEqual([]);
  });

  it('write only what the companion app takes', () => {
    const written = all.flatMap(({ businessCentral, direction, fields }) =>
      fields.flatMap((field) => {
        const target = field.businessCentral;
        const flowsBack = direction !== 'toDataverse' && field.direction !== 'toDataverse';
        if (target === null || target.readOnly || !flowsBack || !field.enabled) return [];
        const set =
          target.entitySet ?? (businessCentral.route === 'companion' ? businessCentral.entitySet : null);
        return set === null ? [] : [[set, target.property] as const];
      }),
    );
    expect(written.length).toBeGreaterThan(10);
    const refused = written.filter(([set, property]) => {
      const page = pageOf(set);
      const field = page && blocksOf(page, 'field').find(({ head }) => head[0] === property);
      return field === undefined || text(field, 'Editable') === 'false';
    });
    expect(refused).toEqual([]);
  });

  it('and every other piece of code ask for sets of the companion route that it has', () => {
    const sources = readdirSync(join(root, 'shared'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    );
    const asked = sources.flatMap((name) => {
      const code = readFileSync(join(root, 'shared', name), 'utf8');
      return [...code.matchAll(/entitySet: '(\w+)',\s*route: 'companion'/g)].map(([, set = '']) => set);
    });
    expect(asked.length).toBeGreaterThan(8);
    expect(asked.filter((set) => pageOf(set) === undefined)).toEqual([]);
  });
});

describe('the generation', () => {
  const [sample] = sets;
  const some = required(sample, 'set');

  it('picks up a set and a property that are added to the list', () => {
    const [last] = some.properties.slice(-1);
    const property = { ...required(last, 'property'), name: 'newOne', source: 'New One', readOnly: false };
    const added: EntitySet = {
      ...some,
      entitySet: 'newThings',
      entityType: 'newThing',
      properties: [...some.properties, property],
    };
    const page = readAl(pageText(pageModel(added, [...sets, added]), 1));
    expect(text(page, 'EntitySetName')).toBe('newThings');
    expect(fieldsOf(page)).toContain('newOne');
  });

  it('stops at values and actions that nobody said how to work out', () => {
    const computed = { ...required(some.properties[0], 'property'), name: 'unknownOne', computed: true };
    const added = { ...some, properties: [computed], boundActions: [{ name: 'doIt' }] };
    expect(() => pageModel(added, sets)).toThrow(`${some.entitySet}.unknownOne, ${some.entitySet}.doIt`);
  });
});

describe('the reader of AL', () => {
  it.each([
    ['a bracket that is not closed', 'page 1 A\n{\n    layout\n    {\n}\n'],
    ['a property without an end', 'page 1 A\n{\n    PageType = API\n    layout\n    {\n    }\n}\n'],
    ['a text that is not closed', "page 1 A\n{\n    Caption = 'x;\n}\n"],
    [
      'a statement without an end',
      'page 1 A\n{\n    trigger OnOpenPage()\n    begin\n        Run()\n    end;\n}\n',
    ],
    ['a trigger without an end', 'page 1 A\n{\n    trigger OnOpenPage()\n    begin\n}\n'],
  ])('notices %s', (_what, al) => {
    expect(() => readAl(al)).toThrow();
  });
});
