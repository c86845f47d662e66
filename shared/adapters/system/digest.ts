/** Short keyed digests, by which last synchronised values are remembered without storing them. */
import { hash } from 'node:crypto';
import type { Digest } from '../../ports/system.ts';

const digestLength = 8;

/**
 * Digests under a key of 32 bytes in hexadecimal text: the first 8 characters (48 bits) of the base64url form of
 * SHA-256 over key and text. Raises RangeError when the key is none.
 */
export function createDigest(keyHex: string): Digest {
  if (!/^[0-9a-f]{64}$/.test(keyHex))
    throw new RangeError('A digest key has 64 lower-case hexadecimal digits');
  return (text) => hash('sha256', keyHex + text, 'base64url').slice(0, digestLength);
}
