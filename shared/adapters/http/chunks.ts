/** Cutting lists into pieces of a size the services accept. */

/** Consecutive pieces of up to `size` entries, in order; an empty list gives none. */
export function chunk<Item>(list: readonly Item[], size: number): readonly (readonly Item[])[] {
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`A chunk size of ${size} is not possible`);
  const pieces: (readonly Item[])[] = [];
  for (let start = 0; start < list.length; start += size) pieces.push(list.slice(start, start + size));
  return pieces;
}
