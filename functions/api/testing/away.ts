/** What a service that cannot be reached answers. */
import { SyncFailure } from '../../../shared/domain/common/failures.ts';

/** Dataverse is away. */
export const away = new SyncFailure({
  kind: 'transient',
  code: 'connection-failed',
  message: 'Dataverse could not be reached.',
  suggestion: 'Check DATAVERSE_URL.',
});
