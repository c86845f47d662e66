/** Parses Bicep files without the Bicep compiler, which no registry has (platform D-1, D-2), and reads what rules ask for. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { Language, type Node, Parser } from 'web-tree-sitter';

/** The repository's root folder. */
export const root = join(import.meta.dirname, '..', '..');
const infra = join(root, 'infra');

/** A parsed file. */
export interface BicepFile {
  /** From the infra folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly tree: Node;
}

async function createParser(): Promise<Parser> {
  await Parser.init();
  const grammar = createRequire(import.meta.url).resolve('tree-sitter-bicep/tree-sitter-bicep.wasm');
  return new Parser().setLanguage(await Language.load(grammar));
}

let parser: Promise<Parser> | null = null;

/** Parses a text; the caller looks for errors with {@link syntaxErrors}. */
export async function parseBicep(path: string, text: string): Promise<BicepFile> {
  parser ??= createParser();
  // Assignments of parameter files are not in the grammar; those of variables have the same form.
  const known = path.endsWith('.bicepparam') ? text.replaceAll(/^param (\w+) =/gm, 'var $1 =') : text;
  const tree = (await parser).parse(known);
  if (tree === null) throw new Error(`${path} was not parsed.`);
  return { path, text, tree: tree.rootNode };
}

/** Every Bicep file and parameter file of infra/. */
export async function infraFiles(): Promise<readonly BicepFile[]> {
  const names = readdirSync(infra, { recursive: true, encoding: 'utf8' }).map((name) =>
    name.replaceAll('\\', '/'),
  );
  const wanted = names.filter((name) => /\.bicep(param)?$/.test(name)).sort();
  return Promise.all(wanted.map((name) => parseBicep(name, readFileSync(join(infra, name), 'utf8'))));
}

/** All nodes of a type at or below a node, in order. */
export function nodesOf(node: Node, ...types: readonly string[]): readonly Node[] {
  return node.descendantsOfType([...types]).filter((found) => found !== null);
}

/** Where the parser found something else than it expected: `line: text`. */
export function syntaxErrors({ tree }: BicepFile): readonly string[] {
  const bad: string[] = [];
  const visit = (node: Node): void => {
    if (node.isError || node.isMissing) bad.push(`${node.startPosition.row + 1}: ${node.text.slice(0, 60)}`);
    for (const child of node.children) if (child !== null) visit(child);
  };
  visit(tree);
  return bad;
}

const declarations = [
  'parameter_declaration',
  'variable_declaration',
  'resource_declaration',
  'module_declaration',
  'output_declaration',
  'type_declaration',
] as const;
/** What a file may declare. */
export type Declaration = (typeof declarations)[number];

/** The names a file declares, of one kind or of all but outputs, with their nodes. */
export function declared({ tree }: BicepFile, kind?: Declaration): ReadonlyMap<string, Node> {
  const kinds = kind === undefined ? declarations.filter((each) => each !== 'output_declaration') : [kind];
  return new Map(nodesOf(tree, ...kinds).map((node) => [node.namedChild(0)?.text ?? '', node]));
}

/** Names brought in from other files. */
export function imported({ tree }: BicepFile): readonly string[] {
  return nodesOf(tree, 'import_functionality').flatMap((node) =>
    nodesOf(node, 'identifier').map(({ text }) => text),
  );
}

/** Whether an identifier stands for something declared elsewhere: neither a key, nor a name being declared. */
function isReference(node: Node): boolean {
  const { parent } = node;
  const isFirst = parent?.namedChild(0)?.id === node.id;
  switch (parent?.type) {
    case 'object_property':
    case 'import_functionality':
      return !isFirst && parent.type === 'object_property';
    case 'for_statement':
      return parent.childForFieldName('initializer')?.id !== node.id;
    default:
      return !(isFirst && (declarations as readonly string[]).includes(parent?.type ?? ''));
  }
}

/** Every reference to a name: of variables and of functions. */
export function references({ tree }: BicepFile): readonly Node[] {
  return nodesOf(tree, 'identifier').filter(isReference);
}

/** Names of loops. */
export function loopNames({ tree }: BicepFile): readonly string[] {
  return nodesOf(tree, 'for_statement').flatMap((node) => {
    const name = node.childForFieldName('initializer')?.text;
    return name === undefined ? [] : [name];
  });
}

/** The literal text of a string node: `'abc'` gives `abc`. */
export function literal(node: Node | null): string {
  return (node?.text ?? '').replaceAll(/^'|'$/g, '');
}

/** The members of the outermost object of a node, as written. */
export function members(node: Node): ReadonlyMap<string, Node> {
  const [object] = nodesOf(node, 'object');
  const properties = object?.namedChildren.filter((child) => child?.type === 'object_property') ?? [];
  return new Map(
    properties.flatMap((property) => {
      const value = property?.namedChild(1);
      return property && value ? [[literal(property.namedChild(0)), value] as const] : [];
    }),
  );
}

/** The value at a path of members, as written; null when there is none. */
export function valueAt(node: Node, ...path: readonly string[]): string | null {
  let found: Node | undefined = node;
  for (const name of path) found = found === undefined ? undefined : members(found).get(name);
  return found === undefined ? null : literal(found);
}

/** Resources of a type (without version) in all files. */
export function resources(files: readonly BicepFile[], type: string): readonly Node[] {
  return files
    .flatMap(({ tree }) => nodesOf(tree, 'resource_declaration'))
    .filter((node) => literal(node.namedChild(1)).split('@')[0] === type && !/\bexisting =/.test(node.text));
}

/** The file a module or `using` names, from the infra folder. */
export function fileNamed(from: BicepFile, name: string): string {
  return relative(infra, join(infra, dirname(from.path), name)).replaceAll('\\', '/');
}
