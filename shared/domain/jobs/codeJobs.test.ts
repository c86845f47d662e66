import { describe, expect, it } from 'vitest';
import { instant } from '../common/instants.ts';
import { noDocuments } from '../documents/documentSettings.ts';
import { codeJobNames, codeJobsOf, codeJobsWokenBy, hasIdleTest, newCodeJobEntry } from './codeJobs.ts';

const now = instant('2026-01-31T10:00:00Z');
const namesOf = (changes: Partial<typeof noDocuments>) =>
  codeJobsOf({ ...noDocuments, ...changes }).map(({ name }) => name);
const everything = { autoCreateOrders: true, autoProcessQuotes: true, itemAvailability: true } as const;

describe('jobs that run code', () => {
  it('are statistics alone until more is asked for (D-1, D-10)', () => {
    expect(namesOf({})).toEqual(['CUSTOMER STATISTICS']);
  });

  it('follow the order integration: one way has status and creation, bidirectional the archive (D-7, D-8)', () => {
    expect(namesOf({ ...everything, orderIntegration: 'oneWay' })).toEqual(
      codeJobNames.filter((name) => name !== 'ARCHIVED SALES ORDERS'),
    );
    expect(namesOf({ ...everything, orderIntegration: 'bidirectional' })).toEqual([
      'AUTO PROCESS SALES QUOTES',
      'SALES ORDER NOTES',
      'ARCHIVED SALES ORDERS',
      'CUSTOMER STATISTICS',
      'ITEM AVAILABILITY',
    ]);
  });

  it('begin on hold for their timeout with two attempts (J-41, J-77); statistics, never held, are ready for the same time (J-78)', () => {
    const [quotes] = codeJobsOf({ ...noDocuments, autoProcessQuotes: true });
    const [statistics] = codeJobsOf(noDocuments);
    if (!quotes || !statistics) throw new Error('The jobs are missing.');
    expect(newCodeJobEntry(quotes, now)).toMatchObject({
      mapping: null,
      status: 'onHoldInactivity',
      earliestStart: '2026-01-31T10:30:00.000Z',
      maxAttempts: 2,
      rerunDelaySeconds: 30,
    });
    const later = '2026-01-31T10:30:00.000Z';
    expect(newCodeJobEntry(statistics, now)).toMatchObject({ status: 'ready', earliestStart: later });
  });

  it('run every 30 minutes, status every 7 and notes every 5 (D-10)', () => {
    const all = [
      ...codeJobsOf({ ...noDocuments, ...everything, orderIntegration: 'oneWay' }),
      ...codeJobsOf({ ...noDocuments, orderIntegration: 'bidirectional' }),
    ];
    const others = all.filter(({ frequencyMinutes }) => frequencyMinutes !== 30);
    expect(new Map(others.map((job) => [job.name, job.frequencyMinutes]))).toEqual(
      new Map([
        ['SALES ORDER NOTES', 5],
        ['SALES ORDER STATUS', 7],
      ]),
    );
  });

  it('are put on hold when idle only where the reference has an idle test (J-53)', () => {
    expect(codeJobNames.filter(hasIdleTest)).toEqual(['ARCHIVED SALES ORDERS', 'CUSTOMER STATISTICS']);
    expect(hasIdleTest('CUSTOMER')).toBe(true);
  });

  it('are woken by the archive of sales orders, when it is theirs (J-68)', () => {
    const jobs = codeJobsOf({ ...noDocuments, orderIntegration: 'bidirectional' });
    expect(codeJobsWokenBy(jobs, 'SalesOrderArchives').map(({ name }) => name)).toEqual([
      'ARCHIVED SALES ORDERS',
    ]);
    expect(codeJobsWokenBy(jobs, 'customers')).toEqual([]);
  });
});
