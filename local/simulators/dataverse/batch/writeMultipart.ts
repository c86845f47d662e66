/** Writes the multipart answer of a batch (dataverse-web-api section 12). */
import type { SimulatorResponse } from '../../common/server.ts';

interface NumberedResponse {
  readonly response: SimulatorResponse;
  readonly contentId: string | null;
}

/** The answer to one part of a batch. */
export type PartAnswer =
  | ({ readonly kind: 'single' } & NumberedResponse)
  | { readonly kind: 'changeSet'; readonly responses: readonly NumberedResponse[] };

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  304: 'Not Modified',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  412: 'Precondition Failed',
};

/** The answers in order; `marker` makes the boundaries unique. */
export function batchBody(answers: readonly PartAnswer[], status: number, marker: string): SimulatorResponse {
  const boundary = `batchresponse_${marker}`;
  const parts = answers.map((answer, index) => {
    if (answer.kind === 'single') return httpPart(answer);
    return changeSetPart(
      answer.responses,
      `changesetresponse_${marker.slice(0, -4)}${String(index).padStart(4, '0')}`,
    );
  });
  return {
    status,
    headers: { 'Content-Type': `multipart/mixed; boundary=${boundary}`, 'OData-Version': '4.0' },
    body: enclosed(parts, boundary),
  };
}

function enclosed(parts: readonly string[], boundary: string): string {
  return `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`;
}

function changeSetPart(responses: readonly NumberedResponse[], boundary: string): string {
  return `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n${enclosed(responses.map(httpPart), boundary)}`;
}

function httpPart({ response, contentId }: NumberedResponse): string {
  const { status, headers = {}, body } = response;
  const address = headers['OData-EntityId'];
  const lines = Object.entries(address ? { Location: address, ...headers } : headers).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const text = typeof body === 'object' && body !== null ? JSON.stringify(body) : (body ?? '');
  return [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    ...(contentId === null ? [] : [`Content-ID: ${contentId}`]),
    '',
    `HTTP/1.1 ${status} ${reasons[status] ?? ''}`,
    ...lines,
    '',
    text,
  ].join('\r\n');
}
