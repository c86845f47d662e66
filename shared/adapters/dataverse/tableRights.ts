/** What the app's user may do with tables: its privileges, held against those the tables name in their metadata. */
import { z } from 'zod';
import { SyncFailure } from '../../domain/common/failures.ts';
import type { DataverseId } from '../../domain/common/ids.ts';
import {
  type AccessRight,
  accessRights,
  type PrivilegeDepth,
  privilegeDepths,
  type TableRights,
} from '../../domain/connection/tableRights.ts';
import { parseJson, readShape } from '../http/json.ts';
import { readMode, requireSuccess, sendBatch } from './batch.ts';
import { answerOf, type DataverseContext, get } from './context.ts';
import { textLiteral } from './literals.ts';
import { readHeaders } from './requestHeaders.ts';

const heldShape = z.object({
  RolePrivileges: z.array(z.object({ PrivilegeId: z.string(), Depth: z.string() })),
});
const tableShape = z.object({
  LogicalName: z.string(),
  Privileges: z.array(z.object({ PrivilegeId: z.string(), PrivilegeType: z.string() })),
});

/**
 * The rights on each table there is, in two requests; null where the service does not tell a user's privileges.
 * Raises SyncFailure.
 */
export async function rightsOn(
  context: DataverseContext,
  userId: DataverseId,
  tables: readonly string[],
): Promise<readonly TableRights[] | null> {
  const held = await heldPrivileges(context, userId);
  if (held === null) return null;
  const parts = tables.map((table) => ({
    method: 'GET' as const,
    url: `${context.apiUrl}EntityDefinitions(LogicalName=${encodeURIComponent(textLiteral(table))})?$select=LogicalName,Privileges`,
    headers: readHeaders(),
  }));
  const answers = parts.length === 0 ? [] : await sendBatch(context, parts, readMode);
  return answers.flatMap((answer) => {
    if (answer.status === 404) return [];
    const request = answerOf('GET EntityDefinitions');
    requireSuccess(answer, request.request);
    const { LogicalName, Privileges } = readShape(tableShape, parseJson(answer.text, request), request);
    const rights = Privileges.flatMap(({ PrivilegeId, PrivilegeType }) =>
      isRight(PrivilegeType) ? [[PrivilegeType, held.get(PrivilegeId.toLowerCase()) ?? null] as const] : [],
    );
    return [{ table: LogicalName, rights: Object.fromEntries(rights) }];
  });
}

/** How far each privilege reaches. */
async function heldPrivileges(
  context: DataverseContext,
  userId: DataverseId,
): Promise<ReadonlyMap<string, PrivilegeDepth> | null> {
  const url = `${context.apiUrl}systemusers(${userId})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()`;
  try {
    const response = await get(context, url, readHeaders());
    const answer = answerOf('GET RetrieveUserPrivileges');
    const { RolePrivileges } = readShape(heldShape, parseJson(response.text, answer), answer);
    // A depth that is not known counts as the least: nothing is promised by it.
    const depth = (text: string) => privilegeDepths.find((known) => known === text) ?? 'Basic';
    return new Map(RolePrivileges.map(({ PrivilegeId, Depth }) => [PrivilegeId.toLowerCase(), depth(Depth)]));
  } catch (error) {
    if (error instanceof SyncFailure && (error.kind === 'config' || error.kind === 'deleted')) return null;
    throw error;
  }
}

function isRight(text: string): text is AccessRight {
  return (accessRights as readonly string[]).includes(text);
}
