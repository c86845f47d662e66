/** Options of columns, read from metadata (dataverse-web-api section 18). */
import { z } from 'zod';
import { invariant } from '../../domain/common/failures.ts';
import type { OptionColumn } from '../../domain/mappings/model.ts';
import type { ColumnOptions } from '../../domain/options/optionWrites.ts';
import { parseJson, readShape } from '../http/json.ts';
import { readMode, requireSuccess, sendBatch } from './batch.ts';
import { answerOf, type DataverseContext, get } from './context.ts';
import { textLiteral } from './literals.ts';
import type { BatchPart } from './multipartBuilder.ts';
import type { BatchAnswer } from './multipartParser.ts';
import { readHeaders } from './requestHeaders.ts';

const labelShape = z.object({ Label: z.string(), LanguageCode: z.int() });
const setShape = z.object({
  Name: z.string().nullish(),
  Options: z.array(
    z.object({
      Value: z.int(),
      Label: z.object({
        LocalizedLabels: z.array(labelShape).nullish(),
        UserLocalizedLabel: labelShape.nullish(),
      }),
    }),
  ),
});
const columnShape = z.object({ OptionSet: setShape.nullish(), GlobalOptionSet: setShape.nullish() });
const organisationsShape = z.object({ value: z.array(z.object({ languagecode: z.int().nullish() })) });
const namedShape = z.object({ DisplayName: z.object({ LocalizedLabels: z.array(labelShape).min(1) }) });

/** The options of each column; null where the table or the column does not exist. */
export async function readOptions(
  context: DataverseContext,
  columns: readonly OptionColumn[],
): Promise<readonly (ColumnOptions | null)[]> {
  if (columns.length === 0) return [];
  const language = await baseLanguage(context);
  const parts = columns.map((column): BatchPart => {
    const url = context.apiUrl + columnPath(column);
    return { method: 'GET', url, headers: readHeaders() };
  });
  const answers = await sendBatch(context, parts, readMode);
  return columns.map((column, index) => columnOptions(column, language, answers[index]));
}

function columnPath({ table, attribute }: OptionColumn): string {
  const [entity, column] = [table, attribute].map((name) => encodeURIComponent(textLiteral(name)));
  const type = 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata';
  const expand = 'OptionSet($select=Name,Options),GlobalOptionSet($select=Name,Options)';
  return (
    `EntityDefinitions(LogicalName=${entity})/Attributes(LogicalName=${column})/${type}` +
    `?$select=LogicalName&$expand=${expand}`
  );
}

function columnOptions(
  column: OptionColumn,
  language: number,
  answer: BatchAnswer | undefined,
): ColumnOptions | null {
  const context = answerOf('GET EntityDefinitions');
  if (answer?.status === 404) return null;
  if (answer) requireSuccess(answer, context.request);
  const { OptionSet: own, GlobalOptionSet: shared } = readShape(
    columnShape,
    parseJson(answer?.text ?? '', context),
    context,
  );
  const options = (shared ?? own)?.Options ?? [];
  return {
    column,
    sharedSet: shared?.Name ?? null,
    options: options.map(({ Value: value, Label }) => {
      const localized = Label.LocalizedLabels ?? [];
      const based = localized.find(({ LanguageCode }) => LanguageCode === language);
      return { value, label: (based ?? Label.UserLocalizedLabel ?? localized[0])?.Label ?? '' };
    }),
  };
}

/** Every label must exist in the organisation's base language; options are written in it (section 18). */
export function baseLanguage(context: DataverseContext): Promise<number> {
  return context.languages.get('', async () => {
    const url = `${context.apiUrl}organizations?$select=languagecode`;
    const answer = answerOf('GET organizations');
    const { text } = await get(context, url, readHeaders());
    const [organisation] = readShape(organisationsShape, parseJson(text, answer), answer).value;
    return organisation?.languagecode ?? languageOfLabels(context);
  });
}

/** The language a table every organisation has is named in; for an organisation that does not tell its own. */
async function languageOfLabels(context: DataverseContext): Promise<number> {
  const url = `${context.apiUrl}EntityDefinitions(LogicalName='account')?$select=DisplayName`;
  const answer = answerOf('GET EntityDefinitions');
  const { text } = await get(context, url, readHeaders());
  const { DisplayName } = readShape(namedShape, parseJson(text, answer), answer);
  const [first] = DisplayName.LocalizedLabels;
  invariant(first !== undefined, 'a table has a label');
  return first.LanguageCode;
}
