/** The row of a Business Central company, and its owning team (dataverse-web-api section 18). */
import { type DataverseId, dataverseId } from '../../domain/common/ids.ts';
import { companyTable } from '../../domain/sync/companyStamp.ts';
import type { IntegrationCompany } from '../../ports/dataverse.ts';
import { requireSuccess, sendBatch } from './batch.ts';
import type { DataverseContext } from './context.ts';
import type { BatchPart } from './multipartBuilder.ts';
import { readByValues } from './readByFilter.ts';
import { commonHeaders } from './requestHeaders.ts';

const selection = { table: companyTable, attributes: ['bcbi_externalid', 'bcbi_defaultowningteam'] };

/** The company's row; one that is missing is asked for again, because it may be made at any time. */
export async function integrationCompany(
  context: DataverseContext,
  externalId: string,
): Promise<IntegrationCompany | null> {
  const key = externalId.toLowerCase();
  const known = context.companies.peek(key);
  if (known) return known;
  const [row] = await readByValues(context, selection, 'bcbi_externalid', [key]);
  if (!row) return null;
  const team = row.values['bcbi_defaultowningteam'] ?? null;
  const company = { id: row.id, owningTeam: team === null ? null : dataverseId(String(team)) };
  return context.companies.get(key, () => Promise.resolve(company));
}

/** Adds members in one batch; a user who is a member already stays one. */
export async function addToTeam(
  context: DataverseContext,
  team: DataverseId,
  users: readonly DataverseId[],
): Promise<void> {
  const url = `${context.apiUrl}teams(${team})/teammembership_association/$ref`;
  const parts = users.map((user): BatchPart => {
    const body = JSON.stringify({ '@odata.id': `${context.apiUrl}systemusers(${user})` });
    return { method: 'POST', url, headers: { ...commonHeaders, 'Content-Type': 'application/json' }, body };
  });
  if (parts.length === 0) return;
  const answers = await sendBatch(context, parts, { idempotent: true, writes: true });
  for (const answer of answers) requireSuccess(answer, 'POST teammembership_association');
}
