import { describe, expect, it } from 'vitest';
import {
  errorAnswer,
  type FakeAnswer,
  failureOf,
  fakeDataverse,
  type SeenRequest,
} from './testing/fakeDataverse.ts';

const terms = { table: 'account', attribute: 'paymenttermscode' };
const orders = { table: 'salesorder', attribute: 'paymenttermscode' };
const own = { column: terms, sharedSet: null };

const label = (...labels: readonly (readonly [number, string])[]) => ({
  LocalizedLabels: labels.map(([LanguageCode, Label]) => ({ LanguageCode, Label })),
  UserLocalizedLabel: labels.map(([LanguageCode, Label]) => ({ LanguageCode, Label }))[0],
});

/** An organisation whose base language is Norwegian; `actions` answers what is not a read. */
function organisation(
  actions: (request: SeenRequest) => FakeAnswer = () => ({ status: 204 }),
  languagecode: number | null = 1044,
) {
  return fakeDataverse({
    answer: (request) => {
      if (request.target.startsWith('organizations')) {
        return { status: 200, body: { value: [{ languagecode }] } };
      }
      if (!request.target.startsWith('EntityDefinitions')) return actions(request);
      if (request.target.includes('DisplayName')) {
        return { status: 200, body: { DisplayName: label([1030, 'Firma']) } };
      }
      if (request.target.includes("'salesorder'")) return errorAnswer(404, '0x80060888');
      const Options = [
        { Value: 1, Label: label([1033, 'Net 30'], [1044, 'Netto 30']) },
        { Value: 2, Label: label([1033, 'Net 45']) },
        { Value: 3, Label: { LocalizedLabels: [], UserLocalizedLabel: null } },
      ];
      return { status: 200, body: { OptionSet: { Name: 'account_terms', Options }, GlobalOptionSet: null } };
    },
  });
}

const bodies = (requests: readonly SeenRequest[]) =>
  requests.map(({ method, target, body }) => [`${method} ${target}`, JSON.parse(body)]);

describe('reading options', () => {
  it('takes one request for several columns, labels in the base language, null for a column there is not', async () => {
    const fake = organisation();
    expect(await fake.dataverse.readOptions([terms, orders])).toEqual([
      {
        column: terms,
        sharedSet: null,
        options: [
          { value: 1, label: 'Netto 30' },
          { value: 2, label: 'Net 45' },
          { value: 3, label: '' },
        ],
      },
      null,
    ]);
    await fake.dataverse.readOptions([terms]);
    expect(fake.requests.map(({ target }) => target)).toEqual([
      'organizations?$select=languagecode',
      '$batch',
      '$batch',
    ]);
    expect(fake.parts[0]?.target).toBe(
      "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='paymenttermscode')" +
        '/Microsoft.Dynamics.CRM.PicklistAttributeMetadata' +
        '?$select=LogicalName&$expand=OptionSet($select=Name,Options),GlobalOptionSet($select=Name,Options)',
    );
  });
});

describe('an organisation that does not tell its language', () => {
  it('gets labels in the language its tables are named in', async () => {
    const fake = organisation(() => ({ status: 204 }), null);
    await fake.dataverse.renameOptions([{ target: own, value: 1, label: 'Netto 31' }]);
    expect(bodies(fake.parts)).toMatchObject([
      ['POST UpdateOptionValue', { Label: { LocalizedLabels: [{ LanguageCode: 1030 }] } }],
    ]);
  });
});

describe('changing options', () => {
  it('adds with and without a number, in one request, in the base language', async () => {
    let next = 100_000_000;
    const fake = organisation(() => ({ status: 200, body: { NewOptionValue: next++ } }));
    const outcomes = await fake.dataverse.addOptions([
      { target: own, label: 'COD', value: null },
      { target: { ...own, sharedSet: 'terms' }, label: 'CM', value: 100_000_001 },
    ]);
    expect(outcomes).toEqual([
      { status: 'done', record: { value: 100_000_000, label: 'COD' } },
      { status: 'done', record: { value: 100_000_001, label: 'CM' } },
    ]);
    const Label = (text: string) => ({ LocalizedLabels: [{ Label: text, LanguageCode: 1044 }] });
    expect(bodies(fake.parts)).toEqual([
      [
        'POST InsertOptionValue',
        {
          EntityLogicalName: 'account',
          AttributeLogicalName: 'paymenttermscode',
          Label: Label('COD'),
        },
      ],
      ['POST InsertOptionValue', { OptionSetName: 'terms', Value: 100_000_001, Label: Label('CM') }],
    ]);
  });

  it('renames with the labels of other languages kept, and removes by number', async () => {
    const fake = organisation();
    await fake.dataverse.renameOptions([{ target: own, value: 1, label: 'Netto 31' }]);
    await fake.dataverse.removeOptions([{ target: own, value: 1, label: 'Netto 31' }]);
    expect(bodies(fake.parts)).toMatchObject([
      ['POST UpdateOptionValue', { Value: 1, MergeLabels: true }],
      ['POST DeleteOptionValue', { Value: 1, AttributeLogicalName: 'paymenttermscode' }],
    ]);
  });

  it('tells a refusal, a missing option and an answer without a number apart', async () => {
    const answers: FakeAnswer[] = [
      errorAnswer(403, '0x80040220', 'No customizer.'),
      errorAnswer(404, '0x80040217'),
      { status: 200, body: {} },
    ];
    const fake = organisation(() => answers.shift() ?? { status: 204 });
    const some = { target: own, label: 'COD', value: null };
    expect(await fake.dataverse.addOptions([some, some, some])).toMatchObject([
      { status: 'refused', problem: { kind: 'permission', message: 'No customizer.' } },
      { status: 'missing' },
      { status: 'unknown' },
    ]);
  });

  it('publishes all tables and shared sets in one request, and nothing when there is nothing', async () => {
    const fake = organisation();
    await fake.dataverse.publishOptions([]);
    await fake.dataverse.publishOptions([own, { column: orders, sharedSet: 'terms' }, own]);
    expect(bodies(fake.requests)).toEqual([
      [
        'POST PublishXml',
        {
          ParameterXml:
            '<importexportxml><entities><entity>account</entity><entity>salesorder</entity></entities>' +
            '<optionsets><optionset>terms</optionset></optionsets></importexportxml>',
        },
      ],
    ]);
  });

  it('raises what publishing is refused with', async () => {
    const fake = organisation(() => errorAnswer(403, '0x80040220', 'No customizer.'));
    expect((await failureOf(fake.dataverse.publishOptions([own]))).kind).toBe('permission');
  });
});
