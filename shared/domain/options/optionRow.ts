/** An option in the form of a Dataverse row, so that the engine couples, plans and records it like any other. */
import { type Instant, instant } from '../common/instants.ts';
import type { DataverseRow } from '../common/records.ts';
import type { OptionColumn, TableMapping } from '../mappings/model.ts';
import { captionAttribute } from '../mappings/optionMapping.ts';
import { asCode, cut } from '../sync/values.ts';
import { optionRowId } from './optionRowId.ts';

/** One option of a column, as the service tells it. */
export interface OptionValue {
  readonly value: number;
  /** The caption in the organisation's base language. */
  readonly label: string;
}

/** Options carry no times; they count as older than anything. */
const timeless: Instant = instant('1970-01-01T00:00:00Z');

/** The option column of account that an option mapping pairs records with. */
export function optionColumnOf({ dataverse }: TableMapping): OptionColumn {
  return { table: dataverse.table, attribute: dataverse.idAttribute };
}

/**
 * The code a caption stands for: upper case, without outer blanks, cut to what the code field takes (E-69, E-82). A
 * caption that differs from a code only in these is not another caption.
 */
export function codeOfCaption(mapping: TableMapping, caption: string): string {
  const field = mapping.fields.find(({ businessCentral }) => businessCentral?.type === 'code');
  return cut(asCode(caption), field?.businessCentral?.maxLength);
}

/** The row of an option: its column holds the code of the caption, `caption` the caption itself. */
export function optionRow(mapping: TableMapping, { value, label }: OptionValue): DataverseRow {
  const column = optionColumnOf(mapping);
  return {
    id: optionRowId(column, value),
    etag: '',
    modifiedAt: timeless,
    modifiedBy: null,
    values: { [column.attribute]: codeOfCaption(mapping, label), [captionAttribute]: label },
    lookupTables: {},
  };
}
