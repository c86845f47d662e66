/** Which team owns what comes from a company (D-143). */
import type { DataverseId } from '../common/ids.ts';

/** Set-up names the team after its business unit: `BCI - <business unit>`. */
export const owningTeamPrefix = 'BCI - ';

/**
 * The team whose business unit is named after the company's id; without one the only team there is. Several that could be
 * meant are no answer: rows must not get an owner by chance.
 */
export function chooseOwningTeam(
  teams: readonly { readonly id: DataverseId; readonly name: string }[],
  companyId: string,
): DataverseId | null {
  const own = teams.filter(({ name }) => name.toLowerCase().includes(companyId.toLowerCase()));
  const [only, second] = own.length > 0 ? own : teams;
  return only && !second ? only.id : null;
}
