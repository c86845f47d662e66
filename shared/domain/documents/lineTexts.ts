/** Texts of a line: what becomes its description and what becomes comment lines behind it (D-52). */
import type { DataverseRow } from '../common/records.ts';
import { canonicalText } from '../sync/values.ts';
import type { DocumentType } from './documentType.ts';

/** The longest description of a line in Business Central. */
const longestDescription = 100;

export interface LineTexts {
  /** Null: the description stays as Business Central fills it. */
  readonly description: string | null;
  readonly comments: readonly string[];
}

/** Texts of a line without a product: the first piece is its description, the rest are comments. */
export function writeInTexts(line: DataverseRow): LineTexts {
  const { first, further } = textsOf(line);
  const [description = '', ...rest] = pieces(first);
  return { description: description || null, comments: [...rest, ...further.flatMap(pieces)] };
}

/**
 * Texts of a line with a product: all of them are comments. A text of an order that is nothing but the description
 * Business Central has anyway makes none (D-114: one of a quote does).
 */
export function productTexts(type: DocumentType, line: DataverseRow, description: string): LineTexts {
  const { first, further } = textsOf(line);
  const isSame = type === 'order' && first === description;
  return { description: null, comments: [...(isSame ? [] : pieces(first)), ...further.flatMap(pieces)] };
}

function textsOf({ values }: DataverseRow): { readonly first: string; readonly further: readonly string[] } {
  const [first = '', ...further] = canonicalText(values['description']).split(/\r\n|\r|\n/);
  return { first: first.trim() === '' ? canonicalText(values['productdescription']) : first, further };
}

/** The text in pieces of one line's length, never cut inside a surrogate pair; a blank one makes none. */
function pieces(text: string): readonly string[] {
  const result: string[] = [];
  let piece = '';
  for (const character of text.trim() === '' ? '' : text.replaceAll(/[\r\n]+/g, ' ')) {
    if (piece.length + character.length > longestDescription) {
      result.push(piece);
      piece = '';
    }
    piece += character;
  }
  return piece === '' ? result : [...result, piece];
}
