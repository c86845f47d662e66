/** The transport set up for Dataverse: its error table, its error bodies, its way of refusing a batch. */
import { createTransport, type Transport, type TransportOptions } from '../http/transport.ts';
import { dataverseErrorRules, readDataverseErrorBody } from './errorRules.ts';

/** What remains to be said of a transport for Dataverse. */
export type DataverseTransportOptions = Omit<
  TransportOptions,
  'name' | 'rules' | 'readErrorBody' | 'allowedOrigin' | 'defaultHeaders'
> & {
  /** `https://{org}.crm.dynamics.com` (DATAVERSE_URL). */
  readonly baseUrl: string;
};

/** A transport for one organisation and one identity. */
export function createDataverseTransport(options: DataverseTransportOptions): Transport {
  const { baseUrl, ...rest } = options;
  return createTransport({
    ...rest,
    name: 'Dataverse',
    fetch: acceptStoppedBatches(options.fetch ?? fetch),
    rules: dataverseErrorRules,
    readErrorBody: readDataverseErrorBody,
    allowedOrigin: baseUrl,
    defaultHeaders: {},
  });
}

/**
 * A fetch that hands on a batch answered with an error status and a multipart body as an answer with status 200:
 * without continue-on-error the service takes over the status of the failing part, yet the parts before it were
 * carried out and their answers must not be lost (dataverse-web-api section 12). 401 and 429 speak of the batch.
 */
export function acceptStoppedBatches(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await send(input, init);
    const multipart = /^multipart\/mixed/i.test(response.headers.get('content-type') ?? '');
    if (response.ok || !multipart || response.status === 401 || response.status === 429) return response;
    return new Response(response.body, { status: 200, headers: response.headers });
  };
}
