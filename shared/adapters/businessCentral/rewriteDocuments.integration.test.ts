/** Documents are written anew in one transaction each, or not at all (D-112, D-117). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
// biome-ignore lint/style/noRestrictedImports: only this test, not the adapter, knows the local simulator.
import { startBusinessCentralSimulator } from '../../../local/simulators/businessCentral/simulator.ts';
import type { BusinessCentral, DocumentRewrite } from '../../ports/businessCentral.ts';
import { RequestMeter } from '../../ports/requestMeter.ts';
import { defaultRetryPolicy } from '../http/retryPolicy.ts';
import { staticToken } from '../http/tokens.ts';
import { createTransport } from '../http/transport.ts';
import { createBusinessCentral } from './businessCentral.ts';
import { businessCentralRules, readErrorBody } from './errors.ts';

const quotes = {
  entitySet: 'salesQuotes',
  route: 'v2.0',
  properties: ['number', 'externalDocumentNumber'],
  companions: [],
} as const;
const lineSet = 'salesQuoteLines';

let simulator: Awaited<ReturnType<typeof startBusinessCentralSimulator>>;
let meter: RequestMeter;
let port: BusinessCentral;
beforeEach(async () => {
  simulator = await startBusinessCentralSimulator({ limits: null });
  meter = new RequestMeter();
  const transport = createTransport({
    ...{ name: 'Business Central', tokens: staticToken('integration'), rules: businessCentralRules },
    ...{ readErrorBody, concurrency: 4, retry: { ...defaultRetryPolicy, attempts: 1 }, random: () => 0 },
    ...{ now: () => Date.now(), sleep: async () => undefined, log: () => undefined },
    ...{ defaultHeaders: {}, allowedOrigin: simulator.url },
  });
  port = createBusinessCentral({
    ...{ baseUrl: simulator.url, company: simulator.companyId, transport },
    ...{ log: () => undefined, now: () => Date.now() },
  }).metered(meter);
  simulator.create('customers', { number: 'C1', displayName: 'Contoso' }, 'alice');
});
afterEach(() => simulator.close());

const comment = (description: string) => ({ lineType: 'Comment', description });

async function quote(descriptions: readonly string[]) {
  const values = { customerNumber: 'C1', externalDocumentNumber: 'BEFORE' };
  const rows = descriptions.map(comment);
  const [outcome] = await port.create(quotes, [{ values, children: { navigation: lineSet, rows } }]);
  if (outcome?.status !== 'done') throw new Error(JSON.stringify(outcome));
  const { record } = outcome;
  const removedLines = await port.readLines({
    ...{ entitySet: lineSet, properties: ['sequence'], documentIds: [record.id] },
  });
  return { record, removedLines };
}

const rewriteOf = (
  document: Awaited<ReturnType<typeof quote>>,
  changes: Partial<DocumentRewrite> = {},
): DocumentRewrite => ({
  ...document,
  values: { externalDocumentNumber: 'AFTER' },
  lines: ['X', 'Y'].map(comment),
  linesFirst: false,
  ...changes,
});

const stored = () => ({
  names: simulator.records('salesQuotes').map((each) => each['externalDocumentNumber']),
  lines: simulator.records(lineSet).map((each) => each['description']),
});

describe('rewriting', () => {
  it.each([false, true])(
    'takes one request for header and lines, lines first: %s (D-117)',
    async (linesFirst) => {
      const document = await quote(['A', 'B', 'C']);
      const before = meter.sent;
      const outcomes = await port.rewriteDocuments(quotes, lineSet, [rewriteOf(document, { linesFirst })]);
      expect(outcomes).toEqual([{ status: 'done', record: null }]);
      expect(meter.sent - before).toBe(1);
      expect(stored()).toEqual({ names: ['AFTER'], lines: ['X', 'Y'] });
    },
  );

  it('undoes everything when one line is refused, and leaves other documents alone (D-117)', async () => {
    const [bad, good] = [await quote(['A']), await quote(['B'])];
    const lines = [comment('X'), { lineType: 'Item', lineObjectNumber: 'NOPE', quantity: 1 }];
    const outcomes = await port.rewriteDocuments(quotes, lineSet, [
      rewriteOf(bad, { lines }),
      rewriteOf(good, { values: { externalDocumentNumber: 'GOOD' } }),
    ]);
    expect(outcomes).toMatchObject([{ status: 'refused', problem: { status: 400 } }, { status: 'done' }]);
    expect(stored().names.toSorted()).toEqual(['BEFORE', 'GOOD']);
    expect(stored().lines.toSorted()).toEqual(['A', 'X', 'Y']);
  });

  it('is stale when the document or a line was changed since it was read (D-164)', async () => {
    const [header, lines] = [await quote(['A']), await quote(['B'])];
    simulator.edit('salesQuotes', header.record.id, { shipToName: 'Somebody' }, 'alice');
    const [first] = lines.removedLines;
    simulator.edit(lineSet, first?.id ?? '', { description: 'Changed' }, 'alice');
    const outcomes = await port.rewriteDocuments(quotes, lineSet, [
      rewriteOf(header),
      rewriteOf(lines, { linesFirst: true }),
    ]);
    expect(outcomes).toEqual([{ status: 'stale' }, { status: 'stale' }]);
    expect(stored().lines.toSorted()).toEqual(['A', 'Changed']);
  });

  it('is missing when the document is gone, and changes nothing', async () => {
    const document = await quote(['A']);
    simulator.remove('salesQuotes', document.record.id, 'alice');
    expect(await port.rewriteDocuments(quotes, lineSet, [rewriteOf(document)])).toEqual([
      { status: 'missing' },
    ]);
  });

  it('of more lines than a batch holds goes on in order with the next one', async () => {
    const document = await quote(Array.from({ length: 60 }, (_, index) => `L${index}`));
    const lines = Array.from({ length: 60 }, (_, index) => comment(`N${index}`));
    const before = meter.sent;
    const [outcome] = await port.rewriteDocuments(quotes, lineSet, [rewriteOf(document, { lines })]);
    expect(outcome).toEqual({ status: 'done', record: null });
    expect(meter.sent - before).toBe(2);
    expect(stored().lines).toEqual(lines.map(({ description }) => description));
  });

  it('of nothing sends nothing', async () => {
    expect(await port.rewriteDocuments(quotes, lineSet, [])).toEqual([]);
    expect(meter.sent).toBe(0);
  });
});
