/** Writes a page of the companion app as AL. */
import { companionRoute } from '../simulators/businessCentral/schema/entityModel.ts';
import { caption, identifier, pageName, pascalCase } from './names.ts';
import type { PageField, PageModel, PagePart } from './pageModel.ts';
import { boundActions, procedures, withoutSymbols } from './recipes.ts';

const [publisher, group, version] = companionRoute.split('/');
const yes = (value: boolean) => String(value);

/** The whole file of a page. */
export function pageText(page: PageModel, objectId: number): string {
  const text = `page ${objectId} ${identifier(pageName(page.entitySet))}
{
${properties(page)}
    layout
    {
        area(Content)
        {
            repeater(Records)
            {
${page.fields.map(control).join('\n')}
            }${page.parts.map(part).join('')}
        }
    }

${page.gathered === null ? ownText(page) : page.gathered.pageText}}
`;
  const symbol = withoutSymbols[page.entitySet];
  return symbol === undefined ? text : `#if not ${symbol}\n${text}#endif\n`;
}

/** The temporary table of a page that gathers its records. */
export function tableText({ table, gathered }: PageModel, objectId: number): string {
  return `table ${objectId} ${identifier(table)}
{
    Caption = '${caption(table.replace(/^OS /, ''))}', Locked = true;
    DataClassification = SystemMetadata;
    TableType = Temporary;

${gathered?.tableText ?? ''}}
`;
}

function ownText(page: PageModel): string {
  return `    trigger OnOpenPage()
    begin
        // Records of transactions under way are not shown: a synchronisation must not copy what is rolled back.
        Rec.ReadIsolation := IsolationLevel::ReadCommitted;
    end;
${afterGet(page)}${onModify(page)}${page.actions.map((name) => action(page, name)).join('')}${loaders(page)}${variables(page)}`;
}

function properties(page: PageModel): string {
  const lines = [
    'PageType = API',
    `Caption = '${caption(page.entitySet)}', Locked = true`,
    `APIPublisher = '${publisher}'`,
    `APIGroup = '${group}'`,
    `APIVersion = '${version}'`,
    `EntityName = '${page.entityName}'`,
    `EntitySetName = '${page.entitySet}'`,
    `SourceTable = ${identifier(page.table)}`,
    ...(page.view === null ? [] : [`SourceTableView = ${page.view}`]),
    ...(page.gathered === null ? [] : ['SourceTableTemporary = true']),
    `ODataKeyFields = ${page.gathered === null ? 'SystemId' : 'Id'}`,
    'DelayedInsert = true',
    'Extensible = false',
    `InsertAllowed = ${yes(page.insertAllowed)}`,
    `ModifyAllowed = ${yes(page.modifyAllowed)}`,
    `DeleteAllowed = ${yes(page.deleteAllowed)}`,
  ];
  return lines.map((line) => `    ${line};\n`).join('');
}

function control({ property, field, editable }: PageField): string {
  const source = field === null ? pascalCase(property) : `Rec.${identifier(field)}`;
  const lines = [
    `                field(${identifier(property)}; ${source})`,
    '                {',
    `                    Caption = '${caption(property)}', Locked = true;`,
    ...(editable ? [] : ['                    Editable = false;']),
    '                }',
  ];
  return lines.join('\n');
}

function part({ name, entityName, entitySet, link }: PagePart): string {
  return `
            part(${identifier(name)}; ${identifier(pageName(entitySet))})
            {
                Caption = '${caption(name)}', Locked = true;
                EntityName = '${entityName}';
                EntitySetName = '${entitySet}';
                SubPageLink = ${identifier(link.theirs)} = field(${identifier(link.ours)});
            }`;
}

function computedFields(page: PageModel): readonly PageField[] {
  return page.fields.filter(({ computed }) => computed !== null);
}

function loaderNames(page: PageModel): readonly string[] {
  return [...new Set(computedFields(page).flatMap(({ computed }) => computed?.procedure ?? []))];
}

function afterGet(page: PageModel): string {
  const assigned = computedFields(page).flatMap(({ property, computed }) =>
    computed?.expression === undefined ? [] : [`${pascalCase(property)} := ${computed.expression};`],
  );
  const statements = [...loaderNames(page).map((name) => `${name}();`), ...assigned];
  return statements.length === 0 ? '' : trigger('OnAfterGetRecord()', '', statements);
}

/**
 * What a change does beside storing fields: fields that decide what a record is are given once, as Business Central would
 * rename it; and computed values that were sent are stored.
 */
function onModify(page: PageModel): string {
  const guarded = page.fields
    .filter(({ insertOnly }) => insertOnly)
    .map(({ field }) => identifier(field ?? ''));
  const written = computedFields(page).filter(({ computed }) => computed?.write !== undefined);
  if (!page.modifyAllowed || guarded.length + written.length === 0) return '';
  const stored = guarded.length === 0 ? '' : `    var\n        Stored: Record ${identifier(page.table)};\n`;
  const statements = [
    ...(guarded.length === 0 ? [] : ['Stored.GetBySystemId(Rec.SystemId);']),
    ...guarded.map((name) => `Rec.TestField(${name}, Stored.${name});`),
    ...written.map(
      ({ property, computed }) =>
        `if ${pascalCase(property)} <> ${computed?.expression} then\n            ${computed?.write};`,
    ),
    'exit(true);',
  ];
  return trigger('OnModifyRecord(): Boolean', stored, statements);
}

function trigger(head: string, locals: string, statements: readonly string[]): string {
  const body = statements.map((line) => `        ${line}\n`).join('');
  return `\n    trigger ${head}\n${locals}    begin\n${body}    end;\n`;
}

function action({ entitySet }: PageModel, name: string): string {
  const recipe = boundActions[`${entitySet}.${name}`];
  if (recipe === undefined) return '';
  const worker = recipe.codeunit.replaceAll(' ', '');
  return `
    [ServiceEnabled]
    procedure ${pascalCase(name)}(var ActionContext: WebServiceActionContext)
    var
        ${worker}: Codeunit ${identifier(recipe.codeunit)};
    begin
        ${worker}.${recipe.call}(Rec);
        ActionContext.SetObjectType(ObjectType::Page);
        ActionContext.SetObjectId(Page::${identifier(pageName(entitySet))});
        ActionContext.AddEntityKey(Rec.FieldNo(SystemId), Rec.SystemId);
        ActionContext.SetResultCode(WebServiceActionResultCode::Updated);
    end;
`;
}

function loaders(page: PageModel): string {
  return loaderNames(page)
    .map((name) => `\n${procedures[name] ?? ''}`)
    .join('');
}

function variables(page: PageModel): string {
  const lines = computedFields(page).map(
    ({ property, computed }) => `        ${pascalCase(property)}: ${computed?.type};\n`,
  );
  return lines.length === 0 ? '' : `\n    var\n${lines.join('')}`;
}
