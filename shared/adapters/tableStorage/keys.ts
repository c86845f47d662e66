/** Partition and row keys: encoding of names, and the order of log rows. */
import { SyncFailure } from '../../domain/common/failures.ts';

const maxKeyLength = 512;

/**
 * Brings a name into a form the service takes as a key.
 *
 * `/ \ # ?` and control characters are refused (platform B-12); `%` and quotes pass the emulator but are
 * mistaken for escapes on the way, so they are encoded too, as `!` and four hexadecimal digits. Two names
 * never share a key. Raises SyncFailure `name-too-long` (config) above 1 KiB.
 */
export function encodeKey(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be encoded
  const key = name.replaceAll(/[/\\#?!%'\u0000-\u001f\u007f-\u009f]/g, encodeCharacter);
  if (key.length <= maxKeyLength) return key;
  throw new SyncFailure({
    kind: 'config',
    code: 'name-too-long',
    message: `A name that starts with "${name.slice(0, 40)}" has ${name.length} characters, too many to be stored.`,
    suggestion: 'Choose a shorter name.',
  });
}

function encodeCharacter(character: string): string {
  return `!${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * The row key of a time-ordered GUID, such that newer ids sort first: every hexadecimal digit `d`
 * becomes `f - d`. Applying it twice gives the id back.
 */
export function newestFirstKey(id: string): string {
  return id.replaceAll(/[0-9a-f]/g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16));
}

/** The first key, in that order, of ids made up to an epoch time in milliseconds. */
export function newestFirstFrom(epochMs: number): string {
  const time = Math.floor(epochMs).toString(16).padStart(12, '0');
  return newestFirstKey(`${time.slice(0, 8)}-${time.slice(8)}-ffff-ffff-ffffffffffff`);
}

/** The exclusive upper bound of all keys that start with `prefix`. */
export function prefixEnd(prefix: string): string {
  const last = prefix.length - 1;
  return prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1);
}
