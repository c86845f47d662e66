/** Parses OData `$filter` text: the part of OData 4.0 that Business Central and Dataverse share, and a little more. */
import {
  type ComparisonOperator,
  comparisonOperators,
  type FilterExpression,
  type FilterOperand,
  FilterSyntaxError,
  type FilterValue,
  type LiteralOperand,
} from './filterExpression.ts';
import { type FilterToken, tokenizeFilter } from './filterTokens.ts';

const predicateNames = ['contains', 'startswith', 'endswith'] as const;
const valueFunctions = ['tolower', 'toupper', 'trim', 'substring', 'length', 'concat', 'indexof'] as const;
const deepestNesting = 100;

class FilterParser {
  readonly #tokens: readonly FilterToken[];
  #index = 0;
  #depth = 0;

  constructor(text: string) {
    this.#tokens = tokenizeFilter(text);
  }

  parse(): FilterExpression {
    const expression = this.#or();
    if (this.#peek().kind !== 'end') this.#fail('Expected "and", "or" or the end');
    return expression;
  }

  #peek(ahead = 0): FilterToken {
    const last = this.#tokens.length - 1;
    return this.#tokens[Math.min(this.#index + ahead, last)] as FilterToken;
  }

  #next(): FilterToken {
    const token = this.#peek();
    this.#index += 1;
    return token;
  }

  #fail(message: string): never {
    throw new FilterSyntaxError(message, this.#peek().position);
  }

  #isName(name: string): boolean {
    const token = this.#peek();
    return token.kind === 'name' && token.text === name;
  }

  #expect(symbol: string): void {
    const token = this.#peek();
    if (token.kind !== 'symbol' || token.text !== symbol) this.#fail(`Expected "${symbol}"`);
    this.#index += 1;
  }

  #takes(symbol: string): boolean {
    const token = this.#peek();
    const found = token.kind === 'symbol' && token.text === symbol;
    if (found) this.#index += 1;
    return found;
  }

  #or(): FilterExpression {
    let left = this.#and();
    while (this.#isName('or')) {
      this.#next();
      left = { kind: 'or', left, right: this.#and() };
    }
    return left;
  }

  #and(): FilterExpression {
    let left = this.#unary();
    while (this.#isName('and')) {
      this.#next();
      left = { kind: 'and', left, right: this.#unary() };
    }
    return left;
  }

  /** The depth is bounded so that hostile text cannot exhaust the stack. */
  #unary(): FilterExpression {
    this.#depth += 1;
    if (this.#depth > deepestNesting) this.#fail('Nested too deeply');
    const expression = this.#unaryUnbounded();
    this.#depth -= 1;
    return expression;
  }

  #unaryUnbounded(): FilterExpression {
    if (this.#isName('not')) {
      this.#next();
      return { kind: 'not', operand: this.#unary() };
    }
    if (this.#takes('(')) {
      const inner = this.#or();
      this.#expect(')');
      return inner;
    }
    return this.#condition();
  }

  #condition(): FilterExpression {
    const token = this.#peek();
    const follows = this.#peek(1);
    if (token.kind === 'name' && follows.text === '(') {
      if ((predicateNames as readonly string[]).includes(token.text)) return this.#predicate();
      if (token.text === 'Microsoft.Dynamics.CRM.In') return this.#inFunction();
    }
    const lambda = this.#lambda();
    return lambda ?? this.#comparison();
  }

  #predicate(): FilterExpression {
    const name = this.#next().text;
    return { kind: 'predicate', name, arguments: this.#callArguments(2, 2) };
  }

  /** `Microsoft.Dynamics.CRM.In(PropertyName='accountid',PropertyValues=['a','b'])` of Dataverse. */
  #inFunction(): FilterExpression {
    this.#next();
    this.#expect('(');
    const property = this.#namedText('PropertyName');
    this.#expect(',');
    this.#expectName('PropertyValues');
    this.#expect('=');
    this.#expect('[');
    const values = this.#literals(']');
    this.#expect(')');
    return { kind: 'in', operand: { kind: 'property', path: [property] }, values };
  }

  #expectName(name: string): void {
    if (!this.#isName(name)) this.#fail(`Expected "${name}"`);
    this.#index += 1;
  }

  #namedText(name: string): string {
    this.#expectName(name);
    this.#expect('=');
    return String(this.#literal().value);
  }

  #literals(closing: string): readonly LiteralOperand[] {
    const values = [this.#literal()];
    while (this.#takes(',')) values.push(this.#literal());
    this.#expect(closing);
    return values;
  }

  #lambda(): FilterExpression | null {
    const start = this.#index;
    if (this.#peek().kind !== 'name') return null;
    const path = this.#path();
    const quantifier = path.at(-1);
    if (path.length > 1 && (quantifier === 'any' || quantifier === 'all') && this.#takes('(')) {
      return this.#lambdaBody(path.slice(0, -1), quantifier);
    }
    this.#index = start;
    return null;
  }

  #lambdaBody(path: readonly string[], quantifier: 'any' | 'all'): FilterExpression {
    if (this.#takes(')')) return { kind: 'lambda', path, quantifier, variable: null, body: null };
    const variable = this.#next().text;
    this.#expect(':');
    const body = this.#or();
    this.#expect(')');
    return { kind: 'lambda', path, quantifier, variable, body };
  }

  #comparison(): FilterExpression {
    const left = this.#operand();
    if (this.#isName('in')) {
      this.#next();
      this.#expect('(');
      return { kind: 'in', operand: left, values: this.#literals(')') };
    }
    const operator = this.#peek().text as ComparisonOperator;
    if (this.#peek().kind !== 'name' || !comparisonOperators.includes(operator)) {
      this.#fail(`Expected one of ${comparisonOperators.join(', ')}`);
    }
    this.#next();
    return { kind: 'comparison', operator, left, right: this.#operand() };
  }

  #operand(): FilterOperand {
    const token = this.#peek();
    if (token.kind === 'literal') return this.#literal();
    if (token.kind !== 'name') this.#fail('Expected a property, a value or a function');
    if (this.#peek(1).text === '(') return this.#valueFunction();
    return { kind: 'property', path: this.#path() };
  }

  #valueFunction(): FilterOperand {
    const name = this.#peek().text;
    if (!(valueFunctions as readonly string[]).includes(name)) this.#fail(`Unknown function "${name}"`);
    this.#next();
    return { kind: 'call', name, arguments: this.#callArguments(1, 3) };
  }

  #callArguments(least: number, most: number): readonly FilterOperand[] {
    this.#expect('(');
    const operands = [this.#operand()];
    while (this.#takes(',')) operands.push(this.#operand());
    if (operands.length < least || operands.length > most) this.#fail('Wrong number of arguments');
    this.#expect(')');
    return operands;
  }

  #path(): readonly string[] {
    const path = [this.#next().text];
    while (this.#takes('/')) {
      if (this.#peek().kind !== 'name') this.#fail('Expected a property name');
      path.push(this.#next().text);
    }
    return path;
  }

  #literal(): LiteralOperand {
    const token = this.#next();
    if (token.kind !== 'literal' || !token.literalType) {
      this.#index -= 1;
      this.#fail('Expected a value');
    }
    return { kind: 'literal', type: token.literalType, value: literalValue(token) };
  }
}

function literalValue(token: FilterToken): FilterValue {
  switch (token.literalType) {
    case 'string':
      return token.text.slice(1, -1).replaceAll("''", "'");
    case 'number':
      return Number(token.text);
    case 'boolean':
      return token.text === 'true';
    case 'guid':
      return token.text.toLowerCase();
    case 'null':
      return null;
    default:
      return token.text;
  }
}

/**
 * Parses OData `$filter` text into a syntax tree.
 *
 * Raises {@link FilterSyntaxError} that names the character where the text stops making sense. Pure.
 */
export function parseFilter(text: string): FilterExpression {
  return new FilterParser(text).parse();
}
