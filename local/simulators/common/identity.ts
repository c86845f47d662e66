/** Who a request acts as: in a simulator the bearer token text is the user. */
import type { SimulatorRequest } from './server.ts';

/** The token text of the Authorization header, or null when the header is missing or holds no bearer token. */
export function bearerIdentity(request: Pick<SimulatorRequest, 'headers'>): string | null {
  const match = /^Bearer\s+(\S.*)$/i.exec(request.headers['authorization'] ?? '');
  return match?.[1]?.trim() ?? null;
}
