/** InsertOptionValue, UpdateOptionValue, DeleteOptionValue, PublishXml (dataverse-web-api section 18). */
import { z } from 'zod';
import type { SimulatorResponse } from '../../common/server.ts';
import { badPayload, DataverseError, errorCodes, invalidArgument } from '../errors.ts';
import { bodyOf, jsonResponse, noContent, type RequestContext } from '../http/requestContext.ts';
import { languageCode } from '../metadata/definitions.ts';
import { catalogKey } from '../schema/optionCatalog.ts';

const labelSchema = z.object({
  LocalizedLabels: z.array(z.object({ Label: z.string(), LanguageCode: z.int() })).min(1),
});

const parametersSchema = z.object({
  EntityLogicalName: z.string().optional(),
  AttributeLogicalName: z.string().optional(),
  OptionSetName: z.string().optional(),
  Label: labelSchema.optional(),
  Value: z.int().nonnegative().nullish(),
  MergeLabels: z.boolean().optional(),
});

type Parameters = z.infer<typeof parametersSchema>;

/** The action of this name; null when there is none. */
export function optionAction(name: string): ((context: RequestContext) => SimulatorResponse) | null {
  switch (name) {
    case 'InsertOptionValue':
      return insertOption;
    case 'UpdateOptionValue':
      return updateOption;
    case 'DeleteOptionValue':
      return deleteOption;
    case 'PublishXml':
      return publish;
    case 'PublishAllXml':
      return () => noContent();
    default:
      return null;
  }
}

function parametersOf(context: RequestContext): Parameters {
  const result = parametersSchema.safeParse(bodyOf(context));
  if (!result.success) throw badPayload(z.prettifyError(result.error));
  return result.data;
}

/** The option set the parameters name. Raises 404 or 400. */
function optionSetKey(context: RequestContext, parameters: Parameters): string {
  const { options, schema } = context.organisation;
  const {
    OptionSetName: setName,
    EntityLogicalName: tableName,
    AttributeLogicalName: columnName,
  } = parameters;
  if (setName) {
    if (!options.byKey(setName)) throw notFound(setName);
    return setName;
  }
  const table = schema.byName.get(tableName ?? '');
  const column = table?.byName.get(columnName ?? '');
  if (!table || !column) throw notFound(`${tableName}.${columnName}`);
  if (column.type !== 'Picklist' && column.type !== 'Status') {
    throw invalidArgument(`'${column.name}' is no choice column.`);
  }
  return catalogKey(table, column);
}

function notFound(name: string): DataverseError {
  return new DataverseError(404, errorCodes.rowNotFound, `Could not find the option set '${name}'.`);
}

/** Every option has a label in the organisation's base language. */
function labelText(parameters: Parameters): string {
  if (!parameters.Label) throw badPayload("The parameter 'Label' is missing.");
  const based = parameters.Label.LocalizedLabels.find(({ LanguageCode }) => LanguageCode === languageCode);
  if (!based?.Label) throw invalidArgument(`A label in the base language ${languageCode} is required.`);
  return based.Label;
}

/** Changes show at once here; the request is checked all the same. */
function publish(context: RequestContext): SimulatorResponse {
  const { ParameterXml: xml } = bodyOf(context);
  if (typeof xml !== 'string' || !/^<importexportxml>.*<\/importexportxml>$/s.test(xml)) {
    throw badPayload("The parameter 'ParameterXml' must hold an importexportxml element.");
  }
  const { schema, options } = context.organisation;
  for (const [, name = ''] of xml.matchAll(/<entity>([^<]*)<\/entity>/g)) {
    if (!schema.byName.has(name)) throw notFound(name);
  }
  for (const [, name = ''] of xml.matchAll(/<optionset>([^<]*)<\/optionset>/g)) {
    if (!options.byKey(name)) throw notFound(name);
  }
  return noContent();
}

function insertOption(context: RequestContext): SimulatorResponse {
  const parameters = parametersOf(context);
  const key = optionSetKey(context, parameters);
  const value = context.organisation.options.insert(
    key,
    labelText(parameters),
    parameters.Value ?? undefined,
  );
  if (value === null) throw invalidArgument(`The option value ${parameters.Value} already exists.`);
  return jsonResponse(context, {
    '@odata.context': `${context.base}/$metadata#Microsoft.Dynamics.CRM.InsertOptionValueResponse`,
    NewOptionValue: value,
  });
}

function updateOption(context: RequestContext): SimulatorResponse {
  const parameters = parametersOf(context);
  if (parameters.MergeLabels === undefined) throw badPayload("The parameter 'MergeLabels' is missing.");
  const key = optionSetKey(context, parameters);
  const value = parameters.Value ?? Number.NaN;
  if (!context.organisation.options.rename(key, value, labelText(parameters))) throw notFound(String(value));
  return noContent();
}

function deleteOption(context: RequestContext): SimulatorResponse {
  const parameters = parametersOf(context);
  const value = parameters.Value ?? Number.NaN;
  if (!context.organisation.options.remove(optionSetKey(context, parameters), value))
    throw notFound(String(value));
  return noContent();
}
