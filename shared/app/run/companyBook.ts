/** Finds or makes the row of our company in Dataverse, and the team that owns its records (E-70, E-88). */
import { SyncFailure } from '../../domain/common/failures.ts';
import { businessCentralId, type DataverseId, mappingName } from '../../domain/common/ids.ts';
import type { DataverseWriteValue } from '../../domain/common/records.ts';
import { dataverseIdFor } from '../../domain/couplings/dataverseIdFor.ts';
import {
  type CompanyStamp,
  companyColumn,
  companyTable,
  ownerColumn,
} from '../../domain/sync/companyStamp.ts';
import { chooseOwningTeam, owningTeamPrefix } from '../../domain/sync/owningTeam.ts';
import { cut } from '../../domain/sync/values.ts';
import type { BusinessCentralCompany } from '../../ports/businessCentral.ts';
import type { DataverseTableMetadata, IntegrationCompany } from '../../ports/dataverse.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** The primary name of the table is that short (dataverse-entities). */
const longestName = 30;
const selection = {
  table: companyTable,
  attributes: ['bcbi_externalid', 'bcbi_name', 'bcbi_defaultowningteam'],
};

/** What rows of one table are stamped with; asked for when a run meets the first record, and once. */
export class CompanyBook {
  readonly #ports: SyncPorts;
  readonly #company: BusinessCentralCompany;
  readonly #table: DataverseTableMetadata;
  readonly #mayWrite: boolean;
  #row: Promise<IntegrationCompany | null> | null = null;
  #team: Promise<DataverseId | null> | null = null;

  constructor(
    ports: SyncPorts,
    company: BusinessCentralCompany,
    table: DataverseTableMetadata,
    options: { readonly mayWrite: boolean },
  ) {
    this.#ports = ports;
    this.#company = company;
    this.#table = table;
    this.#mayWrite = options.mayWrite;
  }

  /** The stamp for reading and changing rows; its team is not looked for. */
  async stamp(): Promise<CompanyStamp> {
    const row = hasCompanyColumn(this.#table) ? await this.row() : null;
    return { company: row?.id ?? null, owningTeam: null };
  }

  /** The stamp for new rows. */
  async stampForInserts(): Promise<CompanyStamp> {
    const stamp = await this.stamp();
    const isOwned = this.#table.attributes[ownerColumn]?.validForCreate === true;
    return isOwned ? { ...stamp, owningTeam: await this.owningTeam() } : stamp;
  }

  /** The row of our company; null where the organisation has no table for it. A dry run shows the key it would get. */
  row(): Promise<IntegrationCompany | null> {
    this.#row ??= unlessRefused(this.#ports, 'company-row-missing', () => this.#findOrCreate());
    return this.#row;
  }

  /**
   * The default owning team: the company's own, else the one that set-up names after its business unit (D-143). Asking for
   * it makes no row for tables that are not stamped.
   */
  owningTeam(): Promise<DataverseId | null> {
    this.#team ??= this.#chooseTeam();
    return this.#team;
  }

  async #chooseTeam(): Promise<DataverseId | null> {
    const { dataverse } = this.#ports;
    const row = hasCompanyColumn(this.#table)
      ? await this.row()
      : await unlessRefused(this.#ports, 'company-row-missing', () =>
          dataverse.integrationCompany(this.#company.id),
        );
    return row?.owningTeam ?? unlessRefused(this.#ports, 'owning-team-missing', () => this.#findTeam());
  }

  async #findOrCreate(): Promise<IntegrationCompany | null> {
    const { dataverse } = this.#ports;
    const found = await dataverse.integrationCompany(this.#company.id);
    if (found) return found;
    const id = dataverseIdFor(this.#company.id, mappingName('COMPANY'), businessCentralId(this.#company.id));
    if (!this.#mayWrite) return { id, owningTeam: null };
    const team = await unlessRefused(this.#ports, 'owning-team-missing', () => this.#findTeam());
    const values: Record<string, DataverseWriteValue> = {
      bcbi_externalid: this.#company.id,
      bcbi_name: cut(this.#company.name, longestName),
    };
    if (team !== null) values['bcbi_defaultowningteam'] = { table: 'team', id: team };
    const [outcome] = await dataverse.create(selection, [{ id, values }]);
    // Read once more, so that it is known to later runs of this process without a request.
    if (outcome?.status === 'done' || outcome?.status === 'exists') {
      return (await dataverse.integrationCompany(this.#company.id)) ?? { id, owningTeam: team };
    }
    const reason = outcome?.status === 'refused' ? outcome.problem.message : 'the outcome is unknown';
    const message = `The row of the company "${this.#company.name}" could not be created: ${reason}`;
    throw new SyncFailure({
      kind: outcome?.status === 'refused' ? 'config' : 'transient',
      code: 'company-row-missing',
      message,
    });
  }

  async #findTeam(): Promise<DataverseId | null> {
    const filter = `startswith(name,'${owningTeamPrefix}') and teamtype eq 0`;
    const rows = await this.#ports.dataverse.readRows({ table: 'team', attributes: ['name'] }, filter);
    const teams = rows.map(({ id, values }) => ({ id, name: String(values['name'] ?? '') }));
    return chooseOwningTeam(teams, this.#company.id);
  }
}

/** Whether rows of the table can be stamped: the column exists and points at companies. */
export function hasCompanyColumn({ logicalName, attributes }: DataverseTableMetadata): boolean {
  return logicalName !== companyTable && attributes[companyColumn]?.navigation[companyTable] !== undefined;
}

/** What an organisation does not have or the app may not read is done without, and told; an outage is not (P5). */
async function unlessRefused<Value>(
  ports: SyncPorts,
  event: string,
  ask: () => Promise<Value | null>,
): Promise<Value | null> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof SyncFailure) || !['config', 'permission', 'data'].includes(error.kind))
      throw error;
    ports.log('warning', event, { reason: error.message });
    return null;
  }
}
