/** Tokens of delta links: `<version>!<mm/dd/yyyy hh:mm:ss>` (dataverse-web-api section 6). */
import { badQuery, DataverseError, errorCodes } from '../errors.ts';
import type { Organisation } from '../organisation.ts';
import { numberOf } from '../store/row.ts';

const dayMs = 86_400_000;
/** What the documentation names as the default when the organisation sets nothing. */
const defaultExpiryDays = 7;

/** A token for the present: everything up to the returned version has been seen. */
export function newDeltaToken(organisation: Organisation): string {
  return deltaTokenText(organisation.store.safeVersion, organisation.clock.now());
}

/** The text of a token. */
export function deltaTokenText(version: number, epochMs: number): string {
  const [, year, month, day, time] =
    /^(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(new Date(epochMs).toISOString()) ?? [];
  return `${version}!${month}/${day}/${year} ${time}`;
}

/** The version in a token. Raises 400 `0x80044352` when it is older than the organisation keeps changes. */
export function versionInToken(organisation: Organisation, token: string): number {
  const match = /^(\d+)!(\d{2})\/(\d{2})\/(\d{4}) (\d{2}:\d{2}:\d{2})$/.exec(token);
  if (!match) throw badQuery('The delta token is malformed; follow the delta link unchanged.');
  const [, version, month, day, year, time] = match;
  const takenMs = Date.parse(`${year}-${month}-${day}T${time}Z`);
  const days = numberOf(organisation.store.organization(), 'expirechangetrackingindays') ?? defaultExpiryDays;
  if (organisation.clock.now() - takenMs > days * dayMs) {
    throw new DataverseError(
      400,
      errorCodes.versionStampExpired,
      'Version stamp associated with the client has expired. Please perform a full sync.',
    );
  }
  return Number(version);
}
