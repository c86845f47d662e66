import { describe, expect, it } from 'vitest';
import { plainDigest } from '../../../test/builders/records.ts';
import { digestValue } from '../sync/digests.ts';
import { invoiceStands, invoiceStates, rememberedStand, standOf, stateSteps } from './invoiceState.ts';

const amounts = (remainingAmount: number, cancelled = false) => ({
  amountIncludingTax: 100,
  remainingAmount,
  cancelled,
});

describe('how an invoice stands', () => {
  it.each([
    [amounts(100), 'open'],
    [amounts(99.99), 'partlyPaid'],
    [amounts(0), 'paid'],
    [amounts(0, true), 'cancelled'],
    [{ amountIncludingTax: 0, remainingAmount: 0, cancelled: false }, 'paid'],
    [{ amountIncludingTax: -50, remainingAmount: -50, cancelled: false }, 'open'],
  ] as const)('follows from what is left to pay: %o is %s (D-132, D-134)', (values, expected) => {
    expect(standOf(values)).toBe(expected);
  });

  it('is recognised in a coupling by its digest, and unknown without one', () => {
    for (const stand of invoiceStands) {
      const base = { 'rule.stand': { businessCentral: digestValue(plainDigest, 'rule.stand', stand) } };
      expect(rememberedStand(plainDigest, base)).toBe(stand);
    }
    expect(rememberedStand(plainDigest, {})).toBeNull();
    expect(rememberedStand(plainDigest, null)).toBeNull();
  });
});

describe('the writes that bring an invoice into its state', () => {
  it('are none where it is in it', () => {
    for (const stand of invoiceStands) expect(stateSteps({ ...invoiceStates[stand] }, stand)).toEqual([]);
  });

  it('are one from Active, and one back to it (D-132)', () => {
    expect(stateSteps({ statecode: 0, statuscode: 4 }, 'paid')).toEqual([invoiceStates.paid]);
    expect(stateSteps({ statecode: 0, statuscode: 1 }, 'open')).toEqual([invoiceStates.open]);
    expect(stateSteps({ ...invoiceStates.paid }, 'open')).toEqual([invoiceStates.open]);
  });

  it('are two from a closed state to another: it is opened first (D-20, D-132)', () => {
    expect(stateSteps({ ...invoiceStates.partlyPaid }, 'paid')).toEqual([
      invoiceStates.open,
      invoiceStates.paid,
    ]);
    expect(stateSteps({ ...invoiceStates.paid }, 'cancelled')).toEqual([
      invoiceStates.open,
      invoiceStates.cancelled,
    ]);
  });
});
