/** What every operation of the adapter shares: address, transport, limits and what was learnt of the tables. */
import type { DataverseId } from '../../domain/common/ids.ts';
import type { OptionNumber } from '../../domain/mappings/optionUses.ts';
import type { DataverseTableMetadata, IntegrationCompany } from '../../ports/dataverse.ts';
import type { RequestMeter } from '../../ports/requestMeter.ts';
import type { Log } from '../../ports/system.ts';
import type { HttpResponse } from '../http/httpTypes.ts';
import type { AnswerContext } from '../http/json.ts';
import type { Transport } from '../http/transport.ts';
import type { TimedCache } from './timedCache.ts';

/** Shared by an adapter and its metered twins; only the meter differs between them. */
export interface DataverseContext {
  /** Ends with `/api/data/v9.2/`. */
  readonly apiUrl: string;
  readonly transport: Transport;
  /** Rows per page, 1 to 5,000. */
  readonly pageSize: number;
  /** Writes per batch, 1 to 1,000. */
  readonly batchSize: number;
  readonly log: Log;
  /** Epoch milliseconds. */
  now(): number;
  readonly tables: TimedCache<DataverseTableMetadata>;
  /** Numbers of options by `table.column`; null where nothing can be told. */
  readonly optionNumbers: TimedCache<readonly OptionNumber[] | null>;
  /** Currencies found, by ISO code. */
  readonly currencies: TimedCache<DataverseId>;
  /** The organisation's base language, by ''. */
  readonly languages: TimedCache<number>;
  /** Rows of companies, by the company's id in Business Central. */
  readonly companies: TimedCache<IntegrationCompany>;
  /** Columns already warned about, as `table.column`. */
  readonly warnedColumns: Set<string>;
  /** Where an action answered whose binding the references leave open, by its name. */
  readonly actionAddresses: Map<string, string>;
  readonly meter: RequestMeter | null;
}

/** Sends a GET. Raises what the transport raises. */
export function get(
  context: DataverseContext,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<HttpResponse> {
  const request = { method: 'GET', url, headers, idempotent: true } as const;
  return context.transport.send(request, context.meter ?? undefined);
}

/** Names an answer in messages. */
export function answerOf(request: string): AnswerContext {
  return { service: 'Dataverse', request };
}
