/** Shared access signatures: which of the addresses a client may use. */
import { createHmac } from 'node:crypto';

/** Whether a token was signed with this key and names the audience it is put for; expired ones do not count. */
export function isSigned(token: string, audience: string, key: string, nowMs: number): boolean {
  const parts = new URLSearchParams(token.replace(/^SharedAccessSignature /, ''));
  const [resource, expiry, signature] = [parts.get('sr'), parts.get('se'), parts.get('sig')];
  if (resource !== audience || expiry === null || Number(expiry) * 1000 <= nowMs) return false;
  const signed = `${encodeURIComponent(resource)}\n${expiry}`;
  return createHmac('sha256', key).update(signed, 'utf8').digest('base64') === signature;
}
