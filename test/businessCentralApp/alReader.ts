/**
 * Reads the structure of AL: objects, their properties, controls, triggers and procedures. It checks that brackets, quotes,
 * begin and end match and that every statement ends; it knows neither types nor the base application, as the compiler does.
 */

/** A block such as `field(number; Rec."No.") { ... }`. */
export interface AlBlock {
  readonly kind: string;
  /** What stands in parentheses, or after the kind. */
  readonly head: readonly string[];
  readonly properties: ReadonlyMap<string, string>;
  readonly blocks: readonly AlBlock[];
  /** Names of procedures that are bound actions. */
  readonly actions: readonly string[];
}

interface Token {
  readonly text: string;
  readonly line: number;
}

const tokenForms =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|^#[^\n]*|'(?:[^'\n]|'')*'|"(?:[^"\n]|"")*"|[A-Za-z_][A-Za-z0-9_]*|\d+(?:\.\d+)*[A-Za-z]?|:=|::|<>|<=|>=|\.\.|[{}()[\];:,.=<>+\-*/&@]|\s+|[\s\S]/gm;
const known = /^(?:[A-Za-z0-9_'"]|:=|::|<>|<=|>=|\.\.|[{}()[\];:,.=<>+\-*/&@])/;

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const [form] of text.matchAll(tokenForms)) {
    const isSilent = /^(\s|\/\/|\/\*|#)/.test(form);
    if (!isSilent && (!known.test(form) || /^['"]$/.test(form)))
      throw new Error(`Line ${line}: ${JSON.stringify(form)} is not expected.`);
    if (!isSilent) tokens.push({ text: form, line });
    line += form.split('\n').length - 1;
  }
  return tokens;
}

const objects = ['page', 'permissionset', 'table'] as const;

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  object(): AlBlock {
    const kind = this.#next();
    if (!objects.some((each) => each === kind)) throw this.#unexpected(kind);
    const head = [this.#next(), unquoted(this.#next())];
    const block = this.#body(kind, head);
    if (this.#peek() !== undefined) throw this.#unexpected(this.#next());
    return block;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at]?.text;
  }

  #next(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new Error('The text ends too early.');
    this.#at += 1;
    return token.text;
  }

  #unexpected(text: string): Error {
    return new Error(`Line ${this.#tokens[this.#at - 1]?.line}: ${JSON.stringify(text)} is not expected.`);
  }

  #expect(text: string): void {
    const found = this.#next();
    if (found !== text) throw this.#unexpected(found);
  }

  #body(kind: string, head: readonly string[]): AlBlock {
    const properties = new Map<string, string>();
    const blocks: AlBlock[] = [];
    const actions: string[] = [];
    let isAction = false;
    this.#expect('{');
    while (this.#peek() !== '}') {
      const word = this.#next();
      if (word === '[') isAction = this.#attribute() === 'ServiceEnabled';
      else if (word === 'trigger' || word === 'procedure' || word === 'local') {
        const name = this.#routine(word);
        if (isAction) actions.push(name);
        isAction = false;
      } else if (word === 'var') this.#variables();
      else if (this.#peek() === '=') properties.set(word, this.#value());
      else blocks.push(this.#body(word, this.#peek() === '(' ? this.#arguments() : []));
    }
    this.#expect('}');
    return { kind, head, properties, blocks, actions };
  }

  #attribute(): string {
    const name = this.#next();
    this.#expect(']');
    return name;
  }

  /** Everything up to the semicolon. */
  #value(): string {
    this.#expect('=');
    const parts: string[] = [];
    for (let text = this.#next(); text !== ';'; text = this.#next()) {
      if (text === '{' || text === '}') throw this.#unexpected(text);
      parts.push(text);
    }
    if (parts.length === 0) throw this.#unexpected(';');
    return parts.join(' ');
  }

  #arguments(): readonly string[] {
    this.#expect('(');
    const found = [''];
    for (let depth = 1; depth > 0; ) {
      const text = this.#next();
      if (text === '{' || text === '}') throw this.#unexpected(text);
      if (text === '(') depth += 1;
      if (text === ')') depth -= 1;
      if (depth === 1 && text === ';') found.push('');
      else if (depth > 0) found[found.length - 1] += text;
    }
    return found.map(unquoted);
  }

  /** `trigger Name(): Type`, an optional `var` section, and `begin ... end;`. */
  #routine(word: string): string {
    if (word === 'local') this.#expect('procedure');
    const name = this.#next();
    this.#arguments();
    while (this.#peek() !== 'var' && this.#peek() !== 'begin') this.#next();
    if (this.#peek() === 'var') {
      this.#next();
      this.#variables();
    }
    this.#expect('begin');
    this.#statements();
    this.#expect(';');
    return name;
  }

  #statements(): void {
    for (let depth = 1, isOpen = false; depth > 0; ) {
      const text = this.#next();
      if (text === '{' || text === '}' || text === 'trigger' || text === 'procedure')
        throw this.#unexpected(text);
      if (text === 'begin' || text === 'case') depth += 1;
      if (text === 'end') {
        if (isOpen) throw this.#unexpected(text);
        depth -= 1;
      }
      isOpen = text !== ';' && text !== 'end' && text !== 'begin';
    }
  }

  /** `Name: Type;` as long as there are some. */
  #variables(): void {
    while (this.#tokens[this.#at + 1]?.text === ':') {
      this.#next();
      this.#expect(':');
      for (let text = this.#next(); text !== ';'; text = this.#next()) {
        if (/^[{}]$|^begin$/.test(text)) throw this.#unexpected(text);
      }
    }
  }
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/, '$1');
}

/** Reads one object. Throws with the line of what does not belong there. */
export function readAl(text: string): AlBlock {
  return new Reader(text).object();
}

/** All blocks of a kind below a block. */
export function blocksOf(block: AlBlock, kind: string): readonly AlBlock[] {
  return block.blocks.flatMap((each) => [...(each.kind === kind ? [each] : []), ...blocksOf(each, kind)]);
}
