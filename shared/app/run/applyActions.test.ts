import { describe, expect, it } from 'vitest';
import { planInput, record, row, thingMapping } from '../../../test/builders/records.ts';
import { planRecord } from '../../domain/sync/plan.ts';
import { isWriting } from '../../domain/sync/planTypes.ts';
import { endOf } from './applyActions.ts';

const outcome = {
  status: 'refused',
  problem: {
    kind: 'data',
    code: 'refused',
    serviceCode: 'TooLong',
    message: 'City is too long.',
    status: 400,
  },
} as const;

function writing(dataverse: ReturnType<typeof row> | null) {
  const pair = {
    businessCentral: record({ number: '1', displayName: 'A', city: 'B' }),
    dataverse,
    coupling: null,
  };
  const action = planRecord(
    planInput({
      mapping: thingMapping(),
      pair,
      matched: dataverse !== null,
      firstTime: 'businessCentralWins',
    }),
  );
  if (!isWriting(action)) throw new Error(`planned ${action.kind}`);
  return action;
}

describe('a write that the service refuses', () => {
  it.each([
    ['insert-failed', null],
    ['modify-failed', row({ name: 'A' })],
  ])('is %s of its record, with the message and class of the service (E-45)', (code, dataverse) => {
    const action = writing(dataverse);
    const end = endOf('toDataverse', { action, outcome }, action);
    expect(end).toMatchObject({
      status: 'failed',
      problem: {
        code,
        kind: 'data',
        message: 'City is too long.',
        parameters: ['TooLong', 'City is too long.'],
      },
    });
  });
});
