/** Text in OData filters. */

/** The text as a literal, so that nothing in it can end it (docs/security.md). */
export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
