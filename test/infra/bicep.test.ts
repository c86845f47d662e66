/** The Bicep files are well-formed and agree with each other, as far as can be told without the compiler (platform D-3). */
import { describe, expect, it } from 'vitest';
import { apiVersions } from './apiVersions.ts';
import {
  type BicepFile,
  declared,
  fileNamed,
  imported,
  infraFiles,
  literal,
  loopNames,
  members,
  nodesOf,
  parseBicep,
  references,
  syntaxErrors,
} from './bicepFile.ts';

const files = await infraFiles();
const templates = files.filter(({ path }) => path.endsWith('.bicep'));
const parameterFiles = files.filter(({ path }) => path.endsWith('.bicepparam'));
const each = (chosen: readonly BicepFile[]) => chosen.map((file) => [file.path, file] as const);
const named = (path: string) => files.find((file) => file.path === path);

const functions = new Set(
  'bool concat deployer empty environment export guid readEnvironmentVariable resourceGroup subscription'
    .concat(' subscriptionResourceId tenant union uniqueString')
    .concat(' description minLength maxLength minValue maxValue allowed secure')
    .split(' '),
);

function undeclared(file: BicepFile): readonly string[] {
  const known = new Set([...declared(file).keys(), ...imported(file), ...loopNames(file), ...functions]);
  return references(file)
    .map(({ text }) => text)
    .filter((name) => !known.has(name));
}

function unused(file: BicepFile): readonly string[] {
  const used = new Set(references(file).map(({ text }) => text));
  const kinds = ['parameter_declaration', 'variable_declaration'] as const;
  const names = kinds.flatMap((kind) => [...declared(file, kind).keys()]);
  return [...names, ...imported(file)].filter((name) => !used.has(name));
}

/** Parameters without a default. */
function required(file: BicepFile): readonly string[] {
  const all = [...declared(file, 'parameter_declaration')];
  return all.filter(([, node]) => !/^param \w+ \w+ =/.test(node.text)).map(([name]) => name);
}

/** What is wrong with the parameters given to a file. */
function parameterProblems(target: BicepFile, given: readonly string[]): readonly string[] {
  const known = [...declared(target, 'parameter_declaration').keys()];
  return [
    ...given.filter((name) => !known.includes(name)).map((name) => `unknown ${name}`),
    ...required(target).flatMap((name) => (given.includes(name) ? [] : [`missing ${name}`])),
  ];
}

describe('Bicep files', () => {
  it.each(each(files))('%s can be parsed', (_path, file) => {
    expect(syntaxErrors(file)).toEqual([]);
  });

  it.each(each(templates))(
    '%s refers to what is declared only, and declares nothing in vain',
    (_path, file) => {
      expect(undeclared(file)).toEqual([]);
      expect(unused(file)).toEqual([]);
    },
  );

  it.each(each(templates))('%s asks for versions of resource types that exist', (_path, file) => {
    const types = nodesOf(file.tree, 'resource_declaration').map((node) => literal(node.namedChild(1)));
    expect(types.filter((type) => !apiVersions.includes(type))).toEqual([]);
  });

  it('every version that is allowed is in use', () => {
    const text = templates.map((file) => file.text).join('\n');
    expect(apiVersions.filter((type) => !text.includes(`'${type}'`))).toEqual([]);
  });

  it.each(each(templates))(
    '%s gives modules the parameters they have, and reads outputs they have',
    (_path, file) => {
      for (const [name, node] of declared(file, 'module_declaration')) {
        const target = named(fileNamed(file, literal(node.namedChild(1))));
        if (target === undefined) throw new Error(`${name} has no file.`);
        const given = members(node).get('params');
        expect(parameterProblems(target, given ? [...members(given).keys()] : [])).toEqual([]);
        const outputs = [...declared(target, 'output_declaration').keys()];
        const read = [...file.text.matchAll(new RegExp(`\\b${name}\\.outputs\\.(\\w+)`, 'g'))];
        expect(read.map(([, output = '']) => output).filter((output) => !outputs.includes(output))).toEqual(
          [],
        );
      }
    },
  );

  it.each(each(parameterFiles))('%s gives the template the parameters it has', (_path, file) => {
    const target = named(fileNamed(file, /using '([^']+)'/.exec(file.text)?.[1] ?? ''));
    if (target === undefined) throw new Error('There is no such template.');
    expect(parameterProblems(target, [...declared(file, 'variable_declaration').keys()])).toEqual([]);
  });
});

describe('these checks', () => {
  const sample = (text: string) => parseBicep('sample.bicep', text);

  it('notice a missing brace, an undeclared name and a parameter declared in vain', async () => {
    expect(syntaxErrors(await sample("var a = {\n  b: 'c'\n"))).not.toEqual([]);
    const file = await sample('param unusedOne string\nvar a = missingOne\noutput b string = a\n');
    expect(undeclared(file)).toEqual(['missingOne']);
    expect(unused(file)).toEqual(['unusedOne']);
  });

  it('notice parameters that a module lacks or does not know', async () => {
    const target = await sample('param needed string\nparam optional string = needed\n');
    expect(parameterProblems(target, ['optional', 'other'])).toEqual(['unknown other', 'missing needed']);
  });
});
