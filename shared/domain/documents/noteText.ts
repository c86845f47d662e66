/** Text of Sales notes, which is HTML or plain, as plain text (D-102). */

/** Ends of blocks and explicit breaks; without them words of two lines would run together. */
const lineEnds = /<(?:\/(?:p|div|li)|br)(?=[\s/>])[^<>]*>/gi;
/** What begins like a tag and is closed before another one begins; `a < b` is none. */
const tags = /<[a-z/!?][^<>]*>/gi;
const entities = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,9}));/g;

/** Names of the characters 160 to 255, in order. */
const latinNames = (
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para ' +
  'middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute ' +
  'Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute ' +
  'THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ' +
  'ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'
).split(' ');

const named: ReadonlyMap<string, string> = new Map([
  ...Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }),
  ...Object.entries({ euro: '€', trade: '™', hellip: '…', bull: '•', ndash: '–', mdash: '—', minus: '−' }),
  ...Object.entries({ lsquo: '‘', rsquo: '’', sbquo: '‚', ldquo: '“', rdquo: '”', bdquo: '„' }),
  ...Object.entries({ lsaquo: '‹', rsaquo: '›', larr: '←', rarr: '→', ne: '≠', le: '≤', ge: '≥' }),
  ...Object.entries({ OElig: 'Œ', oelig: 'œ', Scaron: 'Š', scaron: 'š', Yuml: 'Ÿ', permil: '‰' }),
  ...Object.entries({ ensp: '\u2002', emsp: '\u2003', thinsp: '\u2009', zwnj: '\u200c', zwj: '\u200d' }),
  ...latinNames.map((name, index) => [name, String.fromCharCode(160 + index)] as const),
]);

/**
 * Ends of paragraphs and breaks become line feeds, all other tags go, the rest is trimmed, then entities are decoded, so that
 * a written-out `&lt;b&gt;` stays text. Plain text comes back as it is, but trimmed. Takes time in proportion to the length.
 */
export function plainText(html: string): string {
  return decodeEntities(html.replace(lineEnds, '\n').replace(tags, '').trim());
}

/** Named and numbered entities; unknown ones, and numbers of no character, stay as they are. */
export function decodeEntities(text: string): string {
  return text.replace(entities, (entity, decimal?: string, hexadecimal?: string, name?: string) => {
    if (name !== undefined) return named.get(name) ?? entity;
    return (
      characterOf(decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal)) ?? entity
    );
  });
}

function characterOf(code: number): string | null {
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return code === 0 || code > 0x10ffff || isSurrogate ? null : String.fromCodePoint(code);
}
