/** Route templates of HTTP functions: segments, optional and catch-all parameters, constraints, precedence. */

interface Segment {
  readonly kind: 'literal' | 'parameter' | 'catchAll';
  readonly text: string;
  readonly isOptional: boolean;
  readonly isConstrained: boolean;
  readonly accepts: (value: string) => boolean;
}

/** A compiled template. */
export interface Route {
  readonly template: string;
  /** The template without parameter names, lower case: two routes of one shape match the same paths. */
  readonly shape: string;
  /** Orders routes: the smaller text is tried first. */
  readonly precedence: string;
  /** The parameters when the raw (undecoded) path matches, else null. */
  match(rawPath: string): Readonly<Record<string, string>> | null;
}

type ConstraintFactory = (bounds: readonly number[]) => (value: string) => boolean;

const guidPattern = /^\{?[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\}?$/i;

const constraints: Readonly<
  Record<string, { readonly arguments: readonly number[]; make: ConstraintFactory }>
> = {
  int: { arguments: [0], make: () => (value) => /^[+-]?\d{1,10}$/.test(value) && Math.abs(+value) < 2 ** 31 },
  long: { arguments: [0], make: () => (value) => /^[+-]?\d{1,19}$/.test(value) },
  bool: { arguments: [0], make: () => (value) => /^(true|false)$/i.test(value) },
  guid: { arguments: [0], make: () => (value) => guidPattern.test(value) },
  alpha: { arguments: [0], make: () => (value) => /^[a-z]*$/i.test(value) },
  minlength: {
    arguments: [1],
    make:
      ([least = 0]) =>
      (value) =>
        value.length >= least,
  },
  maxlength: {
    arguments: [1],
    make:
      ([most = 0]) =>
      (value) =>
        value.length <= most,
  },
  length: {
    arguments: [1, 2],
    make:
      ([least = 0, most = least]) =>
      (value) =>
        value.length >= least && value.length <= most,
  },
};

const parameterPattern = /^\{(\*{0,2})([A-Za-z_]\w*)((?::[a-z]+(?:\([^()]*\))?)*)(\??)\}$/i;
const reservedFirstSegments = ['admin', 'runtime', 'local'];

function compileConstraint(text: string, template: string): (value: string) => boolean {
  const match = /^([a-z]+)(?:\(([^()]*)\))?$/i.exec(text);
  const bounds = match?.[2] === undefined ? [] : match[2].split(',').map(Number);
  const constraint = constraints[(match?.[1] ?? '').toLowerCase()];
  const isKnown = constraint?.arguments.includes(bounds.length) && bounds.every(Number.isInteger);
  if (!constraint || !isKnown) {
    throw new Error(`the route "${template}" has an unknown constraint "${text}"`);
  }
  return constraint.make(bounds);
}

function compileSegment(text: string, template: string): Segment {
  if (!/[{}]/.test(text)) {
    return {
      kind: 'literal',
      text: text.toLowerCase(),
      isOptional: false,
      isConstrained: false,
      accepts: () => true,
    };
  }
  const match = parameterPattern.exec(text);
  if (match === null) throw new Error(`the route "${template}" has a segment "${text}" the host cannot read`);
  const [, stars = '', name = '', list = '', mark = ''] = match;
  const checks = list
    .split(':')
    .slice(1)
    .map((one) => compileConstraint(one, template));
  return {
    kind: stars === '' ? 'parameter' : 'catchAll',
    text: name,
    isOptional: mark === '?',
    isConstrained: checks.length > 0,
    accepts: (value) => checks.every((check) => check(value)),
  };
}

/** As the real server does: `%2F` stays as it is so that a parameter keeps its segment, a broken escape stays too. */
function decodeSegment(raw: string): string {
  try {
    return raw
      .split(/(%2f)/i)
      .map((part) => (/^%2f$/i.test(part) ? part : decodeURIComponent(part)))
      .join('');
  } catch {
    return raw;
  }
}

function checkOrder(segments: readonly Segment[], template: string): void {
  const names = segments.filter((one) => one.kind !== 'literal').map((one) => one.text.toLowerCase());
  if (new Set(names).size < names.length) {
    throw new Error(`the route "${template}" names a parameter twice`);
  }
  segments.forEach((segment, index) => {
    const next = segments[index + 1];
    if (segment.kind === 'catchAll' && next) {
      throw new Error(`the route "${template}" has text after its catch-all`);
    }
    if (segment.isOptional && next && !next.isOptional) {
      throw new Error(`the route "${template}" has an optional parameter before its end`);
    }
  });
}

function segmentRank(segment: Segment): string {
  if (segment.kind === 'literal') return '1';
  if (segment.kind === 'parameter') return segment.isConstrained ? '2' : '3';
  return segment.isConstrained ? '4' : '5';
}

function matchSegments(
  segments: readonly Segment[],
  parts: readonly string[],
): Record<string, string> | null {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    if (segment.kind === 'catchAll') {
      const rest = parts.slice(index).join('/');
      if (!segment.accepts(rest)) return null;
      if (rest !== '') parameters[segment.text] = rest;
      return parameters;
    }
    const part = parts[index];
    if (part === undefined || part === '') {
      if (segment.isOptional) continue;
      return null;
    }
    if (segment.kind === 'literal' ? part.toLowerCase() !== segment.text : !segment.accepts(part))
      return null;
    if (segment.kind === 'parameter') parameters[segment.text] = part;
  }
  return parts.length <= segments.length ? parameters : null;
}

/**
 * Compiles a template such as `api/jobs/{name}`, `{id:guid}`, `{name?}` or `assets/{*path}`; the empty template is the
 * root. Throws an Error that quotes the template when it cannot be served.
 */
export function compileRoute(template: string): Route {
  const texts = template.replace(/\/$/, '').split('/');
  const segments = template === '' ? [] : texts.map((text) => compileSegment(text, template));
  checkOrder(segments, template);
  if (segments[0]?.kind === 'literal' && reservedFirstSegments.includes(segments[0].text)) {
    throw new Error(
      `the route "${template}" begins with "${segments[0].text}", which the host keeps for itself`,
    );
  }
  const shapes = segments.map((one) => (one.kind === 'literal' ? one.text : segmentRank(one)));
  return {
    template,
    shape: segments.some((one) => one.isConstrained) ? template.toLowerCase() : shapes.join('/'),
    precedence: segments.map(segmentRank).join(''),
    match: (rawPath) => {
      const trimmed = rawPath.replace(/^\//, '').replace(/\/$/, '');
      return matchSegments(segments, trimmed === '' ? [] : trimmed.split('/').map(decodeSegment));
    },
  };
}
