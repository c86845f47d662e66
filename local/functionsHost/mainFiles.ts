/** Finds the files that `main` of an app's package.json names: a glob relative to the app folder. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const globTokens = /\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[^*?{]+|\{/g;

function literal(text: string): string {
  return text.replace(/[.+^${}()|[\]\\]/g, '\\$&');
}

function tokenToPattern(token: string): string {
  if (token === '**/') return '(?:[^/]+/)*';
  if (token === '**') return '.*';
  if (token === '*') return '[^/]*';
  if (token === '?') return '[^/]';
  if (token.startsWith('{') && token.endsWith('}')) {
    return `(?:${token.slice(1, -1).split(',').map(globToSource).join('|')})`;
  }
  return literal(token);
}

function globToSource(glob: string): string {
  return (glob.match(globTokens) ?? []).map(tokenToPattern).join('');
}

function filesBelow(folder: string, prefix: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isFile()) return [prefix + entry.name];
    if (!entry.isDirectory() || entry.name === 'node_modules') return [];
    return filesBelow(join(folder, entry.name), `${prefix}${entry.name}/`);
  });
}

/**
 * The files below `folder` that match the glob (`*`, `**`, `?`, `{a,b}`), as paths relative to it with `/`, sorted.
 * node_modules is not searched. Throws when the folder cannot be read.
 */
export function findMainFiles(folder: string, glob: string): readonly string[] {
  const pattern = new RegExp(`^${globToSource(glob.replace(/^\.\//, ''))}$`);
  return filesBelow(folder, '')
    .filter((path) => pattern.test(path))
    .sort();
}
