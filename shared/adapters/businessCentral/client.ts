/** What every part of the adapter works with: where the service is, how it is reached, who counts. */
import type { BusinessCentralRoute } from '../../domain/mappings/model.ts';
import type { RequestMeter } from '../../ports/requestMeter.ts';
import type { Log } from '../../ports/system.ts';
import type { AnswerContext } from '../http/json.ts';
import type { Transport } from '../http/transport.ts';
import { routeUrl } from './address.ts';

/** One company of Business Central seen through one meter. */
export interface Client {
  readonly baseUrl: string;
  readonly transport: Transport;
  readonly meter: RequestMeter | undefined;
  readonly pageSize: number;
  readonly batchSize: number;
  readonly log: Log;
  now(): number;
  /** `companies({id})`; may need one request the first time. */
  companyPath(): Promise<string>;
}

/** Headers of every request; the language fixes the form of error messages (section 2). */
export const jsonHeaders: Readonly<Record<string, string>> = {
  Accept: 'application/json',
  'Accept-Language': 'en-US',
};

/** The address of a set of the company. */
export async function setUrl(
  client: Client,
  route: BusinessCentralRoute,
  entitySet: string,
): Promise<string> {
  return `${routeUrl(client.baseUrl, route)}/${await client.companyPath()}/${entitySet}`;
}

/** Names an answer in messages. */
export function answerOf(client: Client, request: string, write = false): AnswerContext {
  return { service: client.transport.name, request, write };
}
