/** Lets the next page be read while the present one is worked on; at most one page waits. */

/** The same items, each requested while the one before is in use. An error surfaces at its own place. */
export async function* prefetch<Item>(source: AsyncGenerator<Item>): AsyncGenerator<Item> {
  let pending = settle(source.next());
  try {
    for (;;) {
      const result = await pending;
      if ('error' in result) throw result.error;
      if (result.step.done) return;
      pending = settle(source.next());
      yield result.step.value;
    }
  } finally {
    await pending;
    await source.return(undefined);
  }
}

type Settled<Item> = { readonly step: IteratorResult<Item> } | { readonly error: unknown };

/** Keeps a rejection until it is asked for, so that it is never unhandled while a page is in use. */
function settle<Item>(step: Promise<IteratorResult<Item>>): Promise<Settled<Item>> {
  return step.then(
    (value) => ({ step: value }),
    (error: unknown) => ({ error }),
  );
}
