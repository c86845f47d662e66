/** The `Prefer` header (dataverse-web-api section 3). */

/** What the caller prefers, defaults filled in. */
export interface Preferences {
  readonly representation: boolean;
  /** 1 to 5,000; null when not asked for. */
  readonly maxPageSize: number | null;
  readonly trackChanges: boolean;
  readonly continueOnError: boolean;
  /** Whether an annotation of this name goes into the answer. */
  readonly includesAnnotation: (name: string) => boolean;
  readonly includesAnyAnnotation: boolean;
  /** What `Preference-Applied` names. */
  readonly applied: readonly string[];
}

/** The most rows in one answer (dataverse-web-api section 5). */
export const largestPage = 5_000;

/** Never raises: what is not understood is not applied, as HTTP has it. */
export function parsePrefer(header: string | undefined): Preferences {
  const text = header ?? '';
  const size = Number(/odata\.maxpagesize\s*=\s*(\d+)/i.exec(text)?.[1] ?? Number.NaN);
  const annotations = /odata\.include-annotations\s*=\s*"([^"]*)"/i.exec(text)?.[1] ?? null;
  const representation = /return\s*=\s*representation/i.test(text);
  const trackChanges = /odata\.track-changes/i.test(text);
  const maxPageSize = size >= 1 ? Math.min(size, largestPage) : null;
  return {
    representation,
    maxPageSize,
    trackChanges,
    continueOnError: /odata\.continue-on-error/i.test(text),
    includesAnnotation: annotationMatcher(annotations),
    includesAnyAnnotation: annotations !== null,
    applied: [
      ...(representation ? ['return=representation'] : []),
      ...(maxPageSize === null ? [] : [`odata.maxpagesize=${maxPageSize}`]),
      ...(trackChanges ? ['odata.track-changes'] : []),
      ...(annotations === null ? [] : [`odata.include-annotations="${annotations}"`]),
    ],
  };
}

/** `*`, names, names ending in `*`; a leading minus takes away. */
function annotationMatcher(list: string | null): (name: string) => boolean {
  if (list === null) return () => false;
  const patterns = list.split(',').map((entry) => entry.trim());
  return (name) => {
    const hits = patterns.filter((pattern) => matchesPattern(pattern.replace(/^-/, ''), name));
    return hits.length > 0 && !hits.some((pattern) => pattern.startsWith('-'));
  };
}

function matchesPattern(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}
