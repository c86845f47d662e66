import { describe, expect, it } from 'vitest';
import { guidOf, thingMapping } from '../../../test/builders/records.ts';
import { businessCentralId, dataverseId } from '../../domain/common/ids.ts';
import { checkDirections } from './runTask.ts';

const ours = [businessCentralId(guidOf('b', 1))];
const theirs = [dataverseId(guidOf('d', 1))];
const task = { kind: 'synchronize', manner: 'force', businessCentralIds: [], dataverseIds: [] } as const;

describe('records chosen on a side that the mapping does not read', () => {
  it.each([
    ['toDataverse', { dataverseIds: theirs }],
    ['toBusinessCentral', { businessCentralIds: ours }],
  ] as const)('are refused by a mapping %s before anything is read (E-157)', (direction, chosen) => {
    const check = () => checkDirections(thingMapping({ direction }), { ...task, ...chosen });
    expect(check).toThrow(expect.objectContaining({ code: 'direction-not-allowed', kind: 'config' }));
  });

  it('are taken by a mapping of both directions', () => {
    const both = { ...task, businessCentralIds: ours, dataverseIds: theirs };
    expect(() => checkDirections(thingMapping(), both)).not.toThrow();
  });
});
