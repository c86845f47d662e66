/** Names as AL writes them. */

/** Words that stand for something else in a page, so that a name like them is quoted. */
const reserved = new Set(
  'action actions area begin case code end event field fields group key keys layout local page part procedure table trigger var'.split(
    ' ',
  ),
);

/** A name, quoted where AL asks for it: `No.` gives `"No."`. */
export function identifier(name: string): string {
  const isPlain = /^[A-Za-z][A-Za-z0-9]*$/.test(name) && !reserved.has(name);
  return isPlain ? name : `"${name.replaceAll('"', '""')}"`;
}

/** `postedSalesInvoices` gives `PostedSalesInvoices`. */
export function pascalCase(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** `postedSalesInvoices` gives `Posted sales invoices`, for captions. */
export function caption(name: string): string {
  const words = name.replaceAll(
    /([a-z0-9])([A-Z])/g,
    (_all, end: string, start: string) => `${end} ${start.toLowerCase()}`,
  );
  return pascalCase(words);
}

/** Longer names of objects are refused by the compiler. */
const longestObjectName = 30;

/** The object's name: the app's prefix and the set. Throws for a set whose name is too long. */
export function pageName(entitySet: string): string {
  const name = `OS ${pascalCase(entitySet)}`;
  if (name.length > longestObjectName)
    throw new Error(`${name} has more than ${longestObjectName} characters.`);
  return name;
}
