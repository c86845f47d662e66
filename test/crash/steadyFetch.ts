/** `fetch` to a service whose address stays the same although its simulator is started anew on another port. */

interface Kept {
  readonly text: string;
  readonly status: number;
  readonly headers: Headers;
}

/** Table definitions, but for options, never differ between repetitions, and every new host reads them: they are asked for once. */
const definitions = new Map<string, Kept>();

/** Sends what is addressed to `steady` to `actual`, and lets the answers name `steady`. */
export function steadyFetch(steady: string, actual: string): typeof fetch {
  const exchange = async (url: string, init: RequestInit | undefined): Promise<Kept> => {
    const body = typeof init?.body === 'string' ? init.body.replaceAll(steady, actual) : null;
    const response = await fetch(url.replace(steady, actual), { ...init, body });
    const text = (await response.text()).replaceAll(actual, steady);
    return { text, status: response.status, headers: response.headers };
  };
  return async (input, init) => {
    const key = definitionKey(init);
    const kept = (key === null ? undefined : definitions.get(key)) ?? (await exchange(String(input), init));
    if (key !== null) definitions.set(key, kept);
    return new Response(kept.status === 204 ? null : kept.text, kept);
  };
}

function definitionKey(init: RequestInit | undefined): string | null {
  const body = typeof init?.body === 'string' ? init.body : '';
  const tellsOptions = body.includes('$select=Name,Options');
  return body.includes('EntityDefinitions') && !tellsOptions ? body : null;
}
