/** Who the app is in the organisation; the first call that shows whether Dataverse can be reached. */
import { z } from 'zod';
import { SyncFailure } from '../../domain/common/failures.ts';
import { dataverseId } from '../../domain/common/ids.ts';
import type { DataverseIdentity } from '../../ports/dataverse.ts';
import { parseJson, readShape } from '../http/json.ts';
import { answerOf, type DataverseContext, get } from './context.ts';
import { readHeaders } from './requestHeaders.ts';

const identityShape = z.object({ UserId: z.guid(), OrganizationId: z.guid() });

/** Raises SyncFailure `connection-failed`, of the kind of its cause (dataverse-web-api section 18). */
export async function whoAmI(context: DataverseContext): Promise<DataverseIdentity> {
  try {
    const response = await get(context, `${context.apiUrl}WhoAmI`, readHeaders());
    const answer = answerOf('GET WhoAmI');
    const identity = readShape(identityShape, parseJson(response.text, answer), answer);
    return { userId: dataverseId(identity.UserId), organizationId: dataverseId(identity.OrganizationId) };
  } catch (failure) {
    throw failure instanceof SyncFailure ? connectionFailed(failure) : failure;
  }
}

function connectionFailed(cause: SyncFailure): SyncFailure {
  return new SyncFailure({
    kind: cause.kind,
    code: 'connection-failed',
    message: cause.message,
    suggestion: cause.suggestion ?? 'Check DATAVERSE_URL and the credentials of the app.',
    ...(cause.retryAfterMs === null ? {} : { retryAfterMs: cause.retryAfterMs }),
    cause,
  });
}
