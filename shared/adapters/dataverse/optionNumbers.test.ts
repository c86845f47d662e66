/** Numbers of options and metadata of many tables, in few requests (dataverse-web-api section 18). */
import { describe, expect, it } from 'vitest';
import {
  errorAnswer,
  type FakeAnswer,
  failureOf,
  fakeDataverse,
  type SeenRequest,
} from './testing/fakeDataverse.ts';

const types = { table: 'account', attribute: 'customertypecode' };
const states = { table: 'account', attribute: 'statuscode' };
const absent = { table: 'account', attribute: 'new_kind' };
const empty = { table: 'account', attribute: 'industrycode' };

function answerOptions({ target }: SeenRequest): FakeAnswer {
  if (target.includes("'new_kind'")) return errorAnswer(404, '0x80040217');
  const Options = target.includes("'statuscode'")
    ? [
        { Value: 1, State: 0 },
        { Value: 2, State: 1 },
      ]
    : [{ Value: 3 }, { Value: 11 }];
  if (target.includes("'industrycode'")) return { status: 200, body: { OptionSet: { Options: [] } } };
  const shared = target.includes("'statuscode'") ? {} : { GlobalOptionSet: null };
  return { status: 200, body: { OptionSet: { Options }, ...shared } };
}

describe('optionNumbers', () => {
  it('tells choices and statuses in one request, and nothing of columns without options', async () => {
    const { dataverse, meter, parts } = fakeDataverse({ answer: answerOptions });
    expect(await dataverse.optionNumbers([types, states, absent, empty, types])).toEqual([
      [
        { value: 3, state: null },
        { value: 11, state: null },
      ],
      [
        { value: 1, state: 0 },
        { value: 2, state: 1 },
      ],
      null,
      null,
      [
        { value: 3, state: null },
        { value: 11, state: null },
      ],
    ]);
    expect(meter.sent).toBe(1);
    expect(parts.map(({ target }) => target.replace(/^.*Microsoft/, 'Microsoft')).slice(0, 2)).toEqual([
      'Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet($select=Options),GlobalOptionSet($select=Options)',
      'Microsoft.Dynamics.CRM.StatusAttributeMetadata?$select=LogicalName&$expand=OptionSet($select=Options)',
    ]);
  });

  it('remembers answers for a day and asks only for what is new', async () => {
    const { dataverse, meter, clock, parts } = fakeDataverse({ answer: answerOptions });
    await Promise.all([dataverse.optionNumbers([types]), dataverse.optionNumbers([types])]);
    await dataverse.optionNumbers([types, states]);
    expect([meter.sent, parts.length]).toEqual([2, 2]);
    clock.nowMs += 24 * 60 * 60 * 1_000;
    await dataverse.optionNumbers([types]);
    expect(meter.sent).toBe(3);
  });

  it('raises what a service that refuses says, and asks again the next time', async () => {
    let refusals = 1;
    const { dataverse } = fakeDataverse({
      answer: (request) => {
        refusals -= 1;
        return refusals >= 0 ? errorAnswer(403, '0x80040220', 'no privilege') : answerOptions(request);
      },
    });
    expect(await failureOf(dataverse.optionNumbers([types]))).toMatchObject({ kind: 'permission' });
    expect(await dataverse.optionNumbers([types])).not.toEqual([null]);
  });
});

describe('prepareTables', () => {
  it('reads many tables in one request, passes over those there are not, and leaves nothing to ask', async () => {
    const { dataverse, metadataRequests } = fakeDataverse({ answer: () => errorAnswer(500, '') });
    await dataverse.prepareTables(['account', 'salesorder', 'nav_missing', 'account']);
    expect(metadataRequests()).toBe(1);
    expect((await dataverse.table('account')).entitySet).toBe('accounts');
    expect((await dataverse.table('salesorder')).entitySet).toBe('salesorders');
    await dataverse.prepareTables(['account', 'salesorder']);
    expect(metadataRequests()).toBe(1);
    expect(await failureOf(dataverse.table('nav_missing'))).toMatchObject({ code: 'table-not-found' });
  });
});
