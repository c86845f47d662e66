/** The Dataverse key a Business Central record gets when it is created there. */
import { v5 } from 'uuid';
import { type BusinessCentralId, type DataverseId, dataverseId, type MappingName } from '../common/ids.ts';

/** Namespace of this product's name-based ids; never change it, or repeated creates make second rows. */
const namespace = '5b6ff6f2-6c7b-4d0a-9a43-8f4f8a6a2f10';

/**
 * A name-based UUID of company, mapping and record: the same record always gets the same key, so a create that is
 * repeated after a crash or time-out finds its own row instead of making a second one (DESIGN, Idempotent writes).
 *
 * A row that takes the place of a deleted one gets another key, made from the deleted one: under the old key it would
 * stand in the way of restoring that row from the recycle bin (dataverse-web-api section 17).
 */
export function dataverseIdFor(
  companyId: string,
  mapping: MappingName,
  id: BusinessCentralId,
  replaced: DataverseId | null = null,
): DataverseId {
  const generation = replaced === null ? '' : `|${replaced}`;
  return dataverseId(v5(`${companyId.toLowerCase()}|${mapping}|${id}${generation}`, namespace));
}

/** Where a UUID tells its version; Dataverse's own ids need not follow the standard otherwise. */
const versionPlace = 14;

/** Whether an id is of the kind that {@link dataverseIdFor} makes; the ids Dataverse itself gives are of another. */
export function isNameBased(id: DataverseId): boolean {
  return id.charAt(versionPlace) === '5';
}
