/** Masks what looks like a secret, as the last guard before a text leaves the program. */

const mask = '***';

/** Each keeps what stands before the secret, as its first group. */
const secretPatterns: readonly RegExp[] = [
  /(\bBearer\s+)[^\s"',;]+/gi,
  /(\bSharedKey(?:Lite)?\s+)[^\s"',;]+/gi,
  /(\b(?:AccountKey|SharedAccessKey|SharedAccessSignature|client_secret|client_assertion|password)"?\s*[=:]\s*"?)[^\s"',;&]+/gi,
  /([?&](?:sig|code|access_token)=)[^&\s"']+/gi,
];

/** JSON Web Tokens are masked wherever they stand. */
const tokenPattern = /\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g;

/** The text with bearer tokens, keys of connection strings, signatures and tokens replaced by `***`. */
export function redact(text: string): string {
  let safe = text.replaceAll(tokenPattern, mask);
  for (const pattern of secretPatterns) safe = safe.replaceAll(pattern, `$1${mask}`);
  return safe;
}

const secretNames =
  /^(authorization|.*(secret|password|accountkey|accesskey|accesstoken|connectionstring))$/i;

/** Whether a property of this name holds a secret whatever it looks like. */
export function isSecretName(name: string): boolean {
  return secretNames.test(name.replaceAll(/[-_]/g, ''));
}

/** What {@link redact} and {@link isSecretName} leave in place of a secret. */
export const redactedText = mask;
