/** Calls the HTTP API of the running app, as any other client would. */
import { z } from 'zod';
import { oneLine, StartError } from '../startError.ts';
import {
  errorSchema,
  fullSyncSchema,
  type JobView,
  jobSchema,
  listSchema,
  type QueuedRunView,
  type SyncErrorView,
  type SyncJobView,
  syncErrorSchema,
  syncJobSchema,
  type TableMappingView,
  tableMappingSchema,
} from './apiViews.ts';

/** What the initial synchronisation asks of the app. Each call raises StartError with one line per problem. */
export interface AppApi {
  /** Queues a full synchronisation of everything; answers its runs in their order. */
  startFullSync(): Promise<readonly QueuedRunView[]>;
  /** Queues one run of a job. */
  startJob(name: string): Promise<QueuedRunView>;
  tableMappings(): Promise<readonly TableMappingView[]>;
  jobs(): Promise<readonly JobView[]>;
  /** Rows of the synchronisation log from an instant (epoch milliseconds) on; of one mapping, they cost the app the least. */
  syncJobs(sinceMs: number, mapping?: string): Promise<readonly SyncJobView[]>;
  /** Open errors, newest first; `more` tells that there are further ones. */
  openErrors(): Promise<{ readonly errors: readonly SyncErrorView[]; readonly more: boolean }>;
}

const mostPages = 50;
const requestTimeoutMs = 30_000;
const pageSize = 1000;

function refusalLines(what: string, status: number, text: string): readonly string[] {
  try {
    const { error } = errorSchema.parse(JSON.parse(text));
    const details = (error.details ?? []).map(({ message }) => `${what}: ${oneLine(message)}`);
    return [`${what} was answered with ${status}: ${oneLine(error.message)}`, ...details];
  } catch {
    return [`${what} was answered with ${status}.`];
  }
}

async function call<T>(url: URL, schema: z.ZodType<T>, init: RequestInit = {}): Promise<T> {
  const what = `${init.method ?? 'GET'} ${url.pathname}`;
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(requestTimeoutMs) });
    const text = await answer.text();
    if (!answer.ok) throw new StartError(refusalLines(what, answer.status, text));
    return schema.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof StartError) throw error;
    const detail =
      error instanceof z.ZodError ? z.prettifyError(error).replace(/\s*\n\s*/g, ' ') : oneLine(error);
    throw new StartError([`${what} failed: ${detail}`], { cause: error });
  }
}

async function readAll<Item>(first: URL, item: z.ZodType<Item>): Promise<readonly Item[]> {
  const items: Item[] = [];
  let url: URL | null = first;
  for (let pages = 0; url !== null && pages < mostPages; pages += 1) {
    const page: { value: Item[]; nextLink?: string | undefined } = await call(url, listSchema(item));
    items.push(...page.value);
    url = page.nextLink === undefined ? null : new URL(page.nextLink, first);
  }
  return items;
}

/** The API of the app at `baseUrl`. */
export function createAppApi(baseUrl: string): AppApi {
  const at = (path: string) => new URL(path, baseUrl);
  return {
    startFullSync: () => {
      const headers = { 'content-type': 'application/json' };
      return call(at('/api/full-sync'), fullSyncSchema, { method: 'POST', headers, body: '{}' });
    },
    startJob: async (name) => {
      const path = `/api/jobs/${encodeURIComponent(name)}/run`;
      const [run] = await call(at(path), fullSyncSchema, { method: 'POST' });
      if (run) return run;
      throw new StartError([`POST ${path} named no run.`]);
    },
    tableMappings: () => readAll(at('/api/table-mappings'), tableMappingSchema),
    jobs: () => readAll(at('/api/jobs'), jobSchema),
    syncJobs: (sinceMs, mapping) => {
      const since = encodeURIComponent(new Date(sinceMs).toISOString());
      const ofMapping = mapping === undefined ? '' : `&mapping=${encodeURIComponent(mapping)}`;
      return readAll(at(`/api/sync-jobs?top=${pageSize}&since=${since}${ofMapping}`), syncJobSchema);
    },
    openErrors: async () => {
      const page = await call(at(`/api/sync-errors?open=true&top=${pageSize}`), listSchema(syncErrorSchema));
      return { errors: page.value, more: page.nextLink !== undefined };
    },
  };
}
