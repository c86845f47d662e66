/** Where bearer tokens come from: a fixed text for local runs, Microsoft Entra ID otherwise. */
import type { AccessToken, TokenCredential } from '@azure/identity';
import { SyncFailure } from '../../domain/common/failures.ts';

/** Gives the token to send; `forceRefresh` asks for a new one after the service refused the last. */
export interface TokenSource {
  token(forceRefresh?: boolean): Promise<string>;
}

/** Always the same token. */
export function staticToken(text: string): TokenSource {
  return { token: async () => text };
}

/** Tokens are renewed this long before they expire (business-central-api section 2). */
const renewBeforeMs = 300_000;

/**
 * Tokens of a scope such as `https://api.businesscentral.dynamics.com/.default`, kept until five minutes before
 * they expire; callers that ask at the same time share one request. Without a credential the
 * DefaultAzureCredential is used, loaded at first need. Raises SyncFailure `authentication-failed`.
 */
export function azureToken(
  scope: string,
  credential?: TokenCredential,
  now: () => number = Date.now,
): TokenSource {
  let source = credential;
  let kept: AccessToken | null = null;
  let underWay: Promise<AccessToken> | null = null;

  async function request(): Promise<AccessToken> {
    source ??= await defaultCredential();
    const token = await source.getToken(scope).catch((cause: unknown) => {
      throw authenticationFailed(scope, cause);
    });
    if (token === null) throw authenticationFailed(scope, undefined);
    kept = token;
    return token;
  }

  return {
    token: async (forceRefresh = false) => {
      if (!forceRefresh && kept !== null && kept.expiresOnTimestamp - renewBeforeMs > now())
        return kept.token;
      underWay ??= request().finally(() => {
        underWay = null;
      });
      return (await underWay).token;
    },
  };
}

async function defaultCredential(): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential();
}

/**
 * Replaces a token the service refused: requests refused at the same time share one new token, and a request
 * refused with a token that was replaced meanwhile takes the present one.
 */
export function sharedRenewal(tokens: TokenSource): (refused: string) => Promise<string> {
  let underWay: Promise<string> | null = null;
  const renew = async (refused: string): Promise<string> => {
    const current = await tokens.token();
    return current === refused ? tokens.token(true) : current;
  };
  return (refused) => {
    underWay ??= renew(refused).finally(() => {
      underWay = null;
    });
    return underWay;
  };
}

/** Refusals of the identity service; everything else may pass when repeated. */
function authenticationFailed(scope: string, cause: unknown): SyncFailure {
  const { name, statusCode } = (cause ?? {}) as { name?: string; statusCode?: number };
  const refused = cause === undefined || (statusCode !== undefined && statusCode < 408);
  const noCredential = /^(CredentialUnavailableError|AggregateAuthenticationError)$/.test(name ?? '');
  return new SyncFailure({
    kind: refused || noCredential ? 'config' : 'transient',
    code: 'authentication-failed',
    message: `No access token for ${scope} could be had${name === undefined ? '' : ` (${name})`}.`,
    suggestion: 'Check the managed identity or the client id, tenant and secret or certificate of the app.',
    cause,
  });
}
