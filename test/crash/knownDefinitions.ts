/** `fetch` that asks for table definitions once per process: but for options they never differ between repetitions. */

interface Kept {
  readonly text: string;
  readonly status: number;
  readonly headers: Headers;
}

const definitions = new Map<string, Kept>();

/** The same `fetch`; every new host reads the definitions, and gets those the first one was given. */
export function withKnownDefinitions(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    const key = definitionKey(init);
    if (key === null) return send(input, init);
    const kept = definitions.get(key) ?? (await read(send, input, init));
    definitions.set(key, kept);
    return new Response(kept.text, kept);
  };
}

async function read(send: typeof fetch, ...request: Parameters<typeof fetch>): Promise<Kept> {
  const response = await send(...request);
  return { text: await response.text(), status: response.status, headers: response.headers };
}

function definitionKey(init: RequestInit | undefined): string | null {
  const body = typeof init?.body === 'string' ? init.body : '';
  const tellsOptions = body.includes('$select=Name,Options');
  return body.includes('EntityDefinitions') && !tellsOptions ? body : null;
}
