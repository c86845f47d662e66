/** How requests name records. */
import { z } from 'zod';
import type { RecordKey } from '../../shared/domain/actions/actionRun.ts';
import { businessCentralId, dataverseId, mappingName } from '../../shared/domain/common/ids.ts';
import { guidParameter } from '../http/input.ts';

/** Records that one request may name; larger selections are sent in parts. */
export const mostRecords = 1_000;

export const mappingField = z.string().min(1, 'must name a table mapping').transform(mappingName);
export const businessCentralIdField = guidParameter(businessCentralId);
export const dataverseIdField = guidParameter(dataverseId);

/** One record of a mapping, by either id or both. */
export const recordSchema = z
  .strictObject({
    mapping: mappingField,
    businessCentralId: businessCentralIdField.exactOptional(),
    dataverseId: dataverseIdField.exactOptional(),
  })
  .refine(
    ({ businessCentralId: ours, dataverseId: theirs }) => ours !== undefined || theirs !== undefined,
    'must have a businessCentralId or a dataverseId',
  );

/** A list of records. */
export const recordsSchema = z
  .array(recordSchema)
  .min(1, 'must name at least one record')
  .max(mostRecords, `must name at most ${mostRecords} records`);

/** The key of a record as actions know it. */
export function keyOf(record: {
  readonly businessCentralId?: RecordKey['businessCentralId'] & string;
  readonly dataverseId?: RecordKey['dataverseId'] & string;
}): RecordKey {
  return { businessCentralId: record.businessCentralId ?? null, dataverseId: record.dataverseId ?? null };
}
