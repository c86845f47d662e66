/** Positions as storable text. */
import { describe, expect, it } from 'vitest';
import { instant } from '../../domain/common/instants.ts';
import { decodePosition, encodePosition, type Position } from './position.ts';

const link = 'https://contoso.crm.dynamics.com/api/data/v9.2/accounts?$deltatoken=919042%2108%2f22%2f2017';
const newest = instant('2026-03-01T10:00:00Z');

const positions: readonly Position[] = [
  { kind: 'trackedPage', select: 'accountid', delta: true, link },
  { kind: 'trackedEnd', select: 'accountid', link },
  { kind: 'polledPage', select: 'accountid', newest: null, link },
  { kind: 'polledEnd', select: 'accountid', newest },
];

describe('position', () => {
  it.each(positions)('of kind $kind survives storing unchanged', (position) => {
    expect(decodePosition(encodePosition(position))).toEqual(position);
  });

  it.each(['', 'null', '{}', '{"kind":"trackedEnd"}', '{"kind":"polledEnd","select":"a","newest":"x"}'])(
    'says null for %s',
    (text) => {
      expect(decodePosition(text)).toBeNull();
    },
  );
});
