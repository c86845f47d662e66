/** One record: its preview beside its counterpart, and what the log tells of it. */

import type { z } from 'zod';
import { readRecordLog } from '../../shared/app/queries/recordLog.ts';
import { previewRecord, type RecordPreview } from '../../shared/app/queries/recordPreview.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import type { TableMapping } from '../../shared/domain/mappings/model.ts';
import { businessCentralName, dataverseName } from '../../shared/domain/sync/names.ts';
import { badRequest } from '../http/apiError.ts';
import { type Endpoint, endpoint, ok } from '../http/endpoint.ts';
import { pageParameters } from '../http/input.ts';
import { recordLog, recordPreview } from './answers/records.ts';
import { plannedActionView } from './planView.ts';
import { businessCentralIdField, dataverseIdField, keyOf, mappingField } from './recordKeys.ts';
import { couplingView, syncErrorView, syncJobView } from './views.ts';

const recordQuery = {
  mapping: mappingField,
  businessCentralId: businessCentralIdField.exactOptional(),
  dataverseId: dataverseIdField.exactOptional(),
};

const preview = endpoint({
  name: 'records-preview',
  method: 'GET',
  route: 'api/records/preview',
  query: recordQuery,
  answers: { 200: recordPreview },
  handle: async (app, { query }) => {
    const key = namedKey(query);
    const { ports, mappings } = await app.open();
    const mapping = findMapping(mappings, query.mapping);
    return ok(previewView(mapping, await previewRecord(ports, mappings, mapping, key)));
  },
});

const log = endpoint({
  name: 'records-log',
  method: 'GET',
  route: 'api/records/log',
  query: { ...recordQuery, top: pageParameters.top },
  answers: { 200: recordLog },
  handle: async (app, { query }) => {
    const key = namedKey(query);
    const { ports, mappings } = await app.open();
    const mapping = findMapping(mappings, query.mapping);
    const { syncJobs, errors } = await readRecordLog(ports, mapping, key, query.top);
    return ok({
      mapping: mapping.name,
      syncJobs: syncJobs.map(syncJobView),
      errors: errors.map(syncErrorView),
    });
  },
});

/** Looking at single records. */
export const recordViewEndpoints: readonly Endpoint[] = [preview, log];

type RecordQuery = z.output<z.ZodObject<typeof recordQuery>>;

function namedKey(query: RecordQuery) {
  if (query.businessCentralId === undefined && query.dataverseId === undefined) {
    const message = 'or dataverseId must be given';
    throw badRequest([{ code: 'empty-selection', message, target: 'businessCentralId' }]);
  }
  return keyOf(query);
}

function previewView(mapping: TableMapping, { pair, fields, choice, actions }: RecordPreview) {
  const { businessCentral, dataverse, coupling } = pair;
  return {
    mapping: mapping.name,
    businessCentralId: businessCentral?.id ?? coupling?.businessCentralId ?? null,
    dataverseId: dataverse?.id ?? coupling?.dataverseId ?? null,
    businessCentralName: businessCentral
      ? businessCentralName(mapping, businessCentral)
      : (coupling?.businessCentralName ?? null),
    dataverseName: dataverse ? dataverseName(mapping, dataverse) : (coupling?.dataverseName ?? null),
    businessCentralExists: businessCentral !== null,
    dataverseExists: dataverse !== null,
    coupling: coupling && couplingView(coupling),
    fields,
    choice,
    actions: actions.map(plannedActionView),
  };
}
