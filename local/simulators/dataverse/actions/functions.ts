/** Unbound functions: WhoAmI, RetrieveVersion, RetrieveCurrentOrganization, RetrieveTotalRecordCount (section 18). */
import type { SimulatorResponse } from '../../common/server.ts';
import { invalidArgument } from '../errors.ts';
import { jsonResponse, type RequestContext } from '../http/requestContext.ts';
import type { Segment } from '../http/resourcePath.ts';
import { textOf } from '../store/row.ts';

const version = '9.2.26021.00150';

/** The answer of the function; null when there is none of this name. */
export function callFunction(context: RequestContext, segment: Segment): SimulatorResponse | null {
  const type = `${context.base}/$metadata#Microsoft.Dynamics.CRM.${segment.name}Response`;
  const body = functionBody(context, segment);
  return body ? jsonResponse(context, { '@odata.context': type, ...body }) : null;
}

function functionBody(context: RequestContext, segment: Segment): object | null {
  switch (segment.name) {
    case 'WhoAmI':
      return whoAmI(context);
    case 'RetrieveVersion':
      return { Version: version };
    case 'RetrieveCurrentOrganization':
      return { Detail: organizationDetail(context) };
    case 'RetrieveTotalRecordCount':
      return { EntityRecordCountCollection: recordCounts(context, segment.key ?? '') };
    default:
      return null;
  }
}

function whoAmI(context: RequestContext): object {
  const { acting, organisation } = context;
  return {
    BusinessUnitId: textOf(acting.user, '_businessunitid_value'),
    UserId: textOf(acting.user, 'systemuserid'),
    OrganizationId: textOf(organisation.store.organization(), 'organizationid'),
  };
}

function organizationDetail(context: RequestContext): object {
  const row = context.organisation.store.organization();
  const name = textOf(row, 'name') ?? '';
  const origin = new URL(context.base).origin;
  return {
    OrganizationId: textOf(row, 'organizationid'),
    FriendlyName: name,
    OrganizationVersion: version,
    EnvironmentId: textOf(row, 'organizationid'),
    UniqueName: name,
    UrlName: name,
    TenantId: '00000000-0000-4000-8000-000000000000',
    Geo: 'EMEA',
    State: 'Enabled',
    Endpoints: { Count: 1, Keys: ['WebApplication'], Values: [`${origin}/`] },
  };
}

/** The real service answers from a snapshot up to a day old; here the numbers are current. */
function recordCounts(context: RequestContext, parameters: string): object {
  const list = context.request.url.searchParams.get(/@\w+/.exec(parameters)?.[0] ?? '') ?? parameters;
  const names = [...list.matchAll(/['"](\w+)['"]/g)].map((match) => match[1] ?? '');
  const unknown = names.filter((name) => !context.organisation.schema.byName.has(name));
  if (unknown.length > 0) throw invalidArgument(`There is no table ${unknown.join(', ')}.`);
  return {
    Count: names.length,
    IsReadOnly: false,
    Keys: names,
    Values: names.map((name) => context.organisation.store.table(name).size),
  };
}
