import { describe, expect, it } from 'vitest';
import { coupled, guidOf, record, row, thingMapping } from '../../../test/builders/records.ts';
import { readingPorts } from '../../../test/builders/services.ts';
import type { Reference } from '../../domain/sync/lookups.ts';
import { LookupBook } from './lookupBook.ts';

const mapping = thingMapping();
const ours = record({ number: 'A1' }, 1);
const theirs = row({ name: 'Thing' }, 1);
const byKey = (value: string): Reference => ({
  mapping: mapping.name,
  side: 'businessCentral',
  by: 'key',
  value,
});
const byId = (side: Reference['side'], value: string): Reference => ({
  mapping: mapping.name,
  side,
  by: 'id',
  value,
});

async function open(records = [ours]) {
  const { ports, asked } = readingPorts({ records, rows: [theirs] });
  await ports.couplings.save(mapping.name, [{ kind: 'create', coupling: coupled(mapping, ours, theirs) }]);
  const book = new LookupBook(ports, [mapping], { companyId: guidOf('c', 1), mayWrite: false });
  return { book, asked };
}

describe('references', () => {
  it('are looked up once per run, all that are open at once (E-12)', async () => {
    const { book, asked } = await open();
    await book.resolve([byKey('A1'), byKey('A2'), byKey('A1')]);
    await book.resolve([byKey('A2'), byKey('A1')]);
    expect(asked.lookUps).toEqual([['A1', 'A2']]);
  });

  it('are looked up again after they were taken back (E-66)', async () => {
    const { book, asked } = await open();
    await book.resolve([byKey('A1')]);
    book.forget([byKey('A1')]);
    await book.resolve([byKey('A1')]);
    expect(asked.lookUps).toEqual([['A1'], ['A1']]);
  });

  it('give the key the record has now, whatever it was when it was coupled (E-8)', async () => {
    const { book } = await open([{ ...ours, values: { number: 'RENAMED' } }]);
    const reference = byId('dataverse', theirs.id);
    const answers = await book.resolve([reference]);
    expect(answers.find(reference)).toEqual({ status: 'coupled', id: ours.id, key: 'RENAMED' });
  });

  it.each(['businessCentral', 'dataverse'] as const)(
    'that are no id mean no record, and the others of the page are still found (P11), read from %s',
    async (side) => {
      const { book } = await open();
      const good = byId(side, side === 'dataverse' ? theirs.id : ours.id);
      const bad = byId(side, 'no-guid');
      const answers = await book.resolve([bad, good]);
      expect(answers.find(bad)).toEqual({ status: 'notFound' });
      expect(answers.find(good)).toMatchObject({ status: 'coupled' });
    },
  );
});
