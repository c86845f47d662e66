/** Alerts ask for what the app tells: events, their details, and the values these can have. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jobHealthProblemCodes } from '../../shared/domain/jobs/jobHealth.ts';
import { jobStatuses } from '../../shared/domain/jobs/jobQueueEntry.ts';
import { root } from './bicepFile.ts';

const read = (...path: readonly string[]) => readFileSync(join(root, ...path), 'utf8');
const text = read('infra', 'modules', 'alerts.bicep');

/** Details by event, as docs/telemetry.md tells them; a test there holds that page against the code. */
const documented = new Map(
  [...read('docs', 'telemetry.md').matchAll(/^\| `([a-z0-9-]+)` \|.*$/gm)].map(([row, event = '']) => [
    event,
    [...(row.split(' | ')[3] ?? '').matchAll(/`(\w+)`/g)].map(([, detail = '']) => detail),
  ]),
);

const quoted = (list: string) => [...list.matchAll(/"([^"]+)"/g)].map(([, value = '']) => value);
const queries = [...text.matchAll(/query: '\$\{events\} (.*)'$/gm)].map(([, query = '']) => ({
  query,
  events: quoted(/event (?:==|in) (\([^)]*\)|"[^"]*")/.exec(query)?.[1] ?? ''),
  details: [...query.matchAll(/details\.(\w+)/g)].map(([, detail = '']) => detail),
}));

describe('alerts', () => {
  it.each(queries)('ask for events that the app logs, with their details: $query', ({ events, details }) => {
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) {
      const known = documented.get(event);
      expect(known, event).toBeDefined();
      expect(details.filter((detail) => !known?.includes(detail))).toEqual([]);
    }
  });

  it('compare with statuses, problems and codes that there are', () => {
    const compared = (detail: string) =>
      queries.flatMap(({ query }) =>
        quoted(
          new RegExp(`details\\.${detail}\\) (?:==|has_any) (\\([^)]*\\)|"[^"]*")`).exec(query)?.[1] ?? '',
        ),
      );
    expect(compared('status')).toEqual(['error']);
    expect(jobStatuses).toContain('error');
    expect(compared('problems')).toEqual(['job-overdue', 'job-stuck']);
    expect(jobHealthProblemCodes).toEqual(expect.arrayContaining(compared('problems')));
    expect(compared('code')).toEqual(['mass-change-guard']);
    expect(read('docs', 'errors.md')).toContain('`mass-change-guard`');
  });

  it('tell of every event after which a job is in error', () => {
    const [jobInError] = queries.filter(({ query }) => query.includes('== "error"'));
    const ends = [...documented].filter(
      ([event, details]) => /^job-/.test(event) && details.includes('status') && details.includes('attempts'),
    );
    expect(jobInError?.events.toSorted()).toEqual(ends.map(([event]) => event).toSorted());
  });

  it('are all told of in docs/operations.md', () => {
    const names = [...text.matchAll(/name: '(?:\$\{name\}-)?([a-z]+(?:-[a-z]+)*)'/g)];
    const page = read('docs', 'operations.md');
    const known = names.map(([, name = '']) => name).filter((name) => name !== 'administrators');
    expect(known.length).toBeGreaterThan(8);
    expect(known.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('do not lose the events they ask for to sampling, and those of requests neither', () => {
    const host = JSON.parse(read('host.json')) as {
      logging: { applicationInsights: { samplingSettings: { excludedTypes: string } } };
    };
    const kept = host.logging.applicationInsights.samplingSettings.excludedTypes.split(';');
    expect(kept).toEqual(expect.arrayContaining(['Trace', 'Request']));
  });
});
