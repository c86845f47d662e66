import { describe, expect, it } from 'vitest';
import { mappingName } from '../common/ids.ts';
import { guardMassChange } from './massChange.ts';

const guard =
  (lost: number, coupled: number, maxDeletePercent = 20) =>
  () =>
    guardMassChange({ mapping: mappingName('CUSTOMER'), lost, coupled, maxDeletePercent });

describe('the mass-change guard (P9)', () => {
  it.each([
    [9, 9, 20],
    [10, 50, 20],
    [1000, 5000, 20],
    [50, 50, 100],
  ])('lets %i of %i pass at %i percent', (lost, coupled, percent) => {
    expect(guard(lost, coupled, percent)).not.toThrow();
  });

  it.each([
    [10, 49, 20],
    [10, 10, 20],
    [1001, 5000, 20],
    [10, 5000, 0],
  ])('stops at %i of %i at %i percent, and says how to override it', (lost, coupled, percent) => {
    expect(guard(lost, coupled, percent)).toThrow(`${lost} of ${coupled} coupled records of CUSTOMER`);
    expect(guard(lost, coupled, percent)).toThrow(
      expect.objectContaining({ code: 'mass-change-guard', kind: 'config' }),
    );
  });
});
