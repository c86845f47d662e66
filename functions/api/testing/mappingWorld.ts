/** The API over services that know a few tables, for tests of changing and defining mappings. */
import { beforeEach, expect } from 'vitest';
import {
  type MemoryComposition,
  memoryComposition,
} from '../../../shared/composition/testing/memoryComposition.ts';
import { type ApiAnswer, callApi } from './callApi.ts';
import { businessCentralWithSets, dataverseWithTables } from './mappingMetadata.ts';

interface ErrorBody {
  readonly error: { readonly code: string; readonly details: readonly { code: string; target: string }[] };
}

/** What a test of mappings works with; `memory` is fresh for each test of the file. */
export interface MappingWorld {
  memory(): MemoryComposition;
  services(): {
    businessCentral: ReturnType<typeof businessCentralWithSets>;
    dataverse: ReturnType<typeof dataverseWithTables>;
  };
  call(request: string, body?: unknown): Promise<ApiAnswer>;
  /** Code and target of everything that is wrong with a request, which must be refused with 400. */
  refusals(request: string, body: unknown): Promise<readonly string[]>;
}

/** Opens a fresh world before each test of the file that calls it. */
export function mappingWorld(): MappingWorld {
  const services = () => ({ businessCentral: businessCentralWithSets(), dataverse: dataverseWithTables() });
  let memory = memoryComposition({ ports: services() });
  beforeEach(() => {
    memory = memoryComposition({ ports: services() });
  });
  const call = (request: string, body?: unknown) =>
    callApi(memory.composition, request, body === undefined ? {} : { body });
  const refusals = async (request: string, body: unknown) => {
    const answer = await call(request, body);
    expect(answer.status).toBe(400);
    const { error } = answer.body as unknown as ErrorBody;
    return error.details.map(({ code, target }) => `${code} ${target}`).sort();
  };
  return { memory: () => memory, services, call, refusals };
}
