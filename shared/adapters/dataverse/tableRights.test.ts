/** Where Dataverse does not tell privileges, nothing is claimed about them. */
import { describe, expect, it } from 'vitest';
import { errorAnswer, failureOf, fakeDataverse, testId } from './testing/fakeDataverse.ts';

const identity = { status: 200, body: { UserId: testId(1), OrganizationId: testId(2) } };

/** A service that answers the question for a user's privileges so. */
const service = (answer: ReturnType<typeof errorAnswer>) =>
  fakeDataverse({ answer: ({ target }) => (target === 'WhoAmI' ? identity : answer) });

describe('rights on tables', () => {
  it.each([
    ['no such function', errorAnswer(404, '0x80060888')],
    ['a function that is not offered', errorAnswer(501, '')],
  ])('are not told by a service with %s', async (_what, answer) => {
    expect(await service(answer).dataverse.rightsOn(['account'])).toBeNull();
  });

  it('are a failure where the question is refused', async () => {
    const refused = service(errorAnswer(403, '0x80040220')).dataverse.rightsOn(['account']);
    expect(await failureOf(refused)).toMatchObject({ kind: 'permission', code: 'permission-missing' });
  });
});
