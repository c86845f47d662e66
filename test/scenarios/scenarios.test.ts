/** The format of scenario files, and the folders that hold them. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { differenceTable } from './engine/differenceTable.ts';
import { runScenario } from './engine/runScenario.ts';
import { loadScenario, parseScenario, scenarioFiles } from './loadScenarios.ts';
import { type Scenario, scenarioSchema } from './schema.ts';

const folder = (name: string) => join(import.meta.dirname, name);

const valid = {
  title: 'A customer becomes an account',
  rules: ['E-28'],
  mappings: { CUSTOMER: { syncOnlyCoupled: false } },
  records: { CUSTOMER: { adatum: { businessCentral: { displayName: 'Adatum' } } } },
  steps: [{ do: 'run', job: 'CUSTOMER', expect: { counters: { toDataverse: { inserted: 1 } } } }],
};

function scenario(changes: object): Scenario {
  return scenarioSchema.parse({ ...valid, ...changes });
}

describe('a scenario file that is not valid', () => {
  it('is refused with every problem it has, each with its place', () => {
    const text = JSON.stringify({
      title: 'short',
      rules: ['37'],
      mappings: { CUSTOMER: { updateConflict: 'newest' } },
      records: { CUSTOMER: { Adatum: {}, litware: { coupled: 'pending', dataverse: {} } } },
      steps: [{ do: 'run' }, { do: 'fly' }, { do: 'edit', record: 'adatum', side: 'sales', changes: {} }],
      surplus: true,
    });
    const refuse = () => parseScenario('example.json', text);
    for (const place of [
      'example.json is no valid scenario',
      'title: ',
      'rules.0: ',
      'mappings.CUSTOMER.updateConflict: ',
      'records.CUSTOMER.Adatum: ',
      'records.CUSTOMER.litware: is coupled by hand and must state both sides',
      'steps.0.job: ',
      'steps.1.do: ',
      'steps.2.side: ',
      'surplus',
    ])
      expect(refuse).toThrow(place);
  });

  it('is refused with its name when it is not JSON', () => {
    expect(() => parseScenario('example.json', '{')).toThrow(/^example\.json is not JSON/);
  });

  it('is refused when it names a mapping that does not exist', async () => {
    const unknown = scenario({ mappings: { CUSTOMERS: {} } });
    await expect(runScenario(unknown)).rejects.toThrow('There is no table mapping CUSTOMERS.');
  });
});

describe('a scenario that does not hold', () => {
  it('names the step and sets expected and seen side by side', async () => {
    const steps = [{ do: 'run', job: 'CUSTOMER', expect: { counters: { toDataverse: { modified: 1 } } } }];
    const failure = runScenario(scenario({ steps }));
    await expect(failure).rejects.toThrow(/^step 1 of 1 \(run CUSTOMER\): not as expected/);
    await expect(runScenario(scenario({ steps }))).rejects.toThrow(/toDataverse modified +\| +1 +\| +0/);
    await expect(runScenario(scenario({ steps }))).rejects.toThrow(/toDataverse inserted +\| +0 +\| +1/);
  });

  it('fails for an open error it does not name, and for a named one that is not there', async () => {
    const account = { name: 'Contoso', customertypecode: 3, address1_country: 'XX' };
    const records = { CUSTOMER: { contoso: { dataverse: account } } };
    const run = { do: 'run', job: 'CUSTOMER' };
    const unnamed = { ...run, expect: { counters: { others: 'any' } } };
    await expect(runScenario(scenario({ records, steps: [unnamed] }))).rejects.toThrow(
      /open error +\| +none/,
    );
    const named = {
      ...run,
      expect: { counters: { others: 'any' }, errors: [{ record: 'adatum', code: 'x' }] },
    };
    await expect(runScenario(scenario({ steps: [named] }))).rejects.toThrow(/open error +\| +adatum x/);
  });

  it('fails for values that differ, on either side, and for records that should not be there', async () => {
    const values = {
      businessCentral: { adatum: { displayName: 'Other' } },
      dataverse: { adatum: null },
    };
    const steps = [...valid.steps, { do: 'check', expect: { values } }];
    const failure = runScenario(scenario({ steps }));
    await expect(failure).rejects.toThrow(/businessCentral adatum displayName +\| +Other +\| +Adatum/);
    await expect(runScenario(scenario({ steps }))).rejects.toThrow(/dataverse adatum +\| +no record/);
  });

  it('fails for lines of documents that differ, and for one too many', async () => {
    const mapping = 'SALESQUOTE-QUOTE';
    const values = { customerNumber: '@adatum' };
    const create = { do: 'create', record: 'quote', in: mapping, side: 'businessCentral', values };
    const steps = [create, { do: 'check', expect: { lines: { quote: [{ quantity: 2 }] } } }];
    await expect(runScenario(scenario({ steps }))).rejects.toThrow(/number of lines of quote +\| +1 +\| +0/);
    const line = { documentId: '@quote.id', lineType: 'Comment', description: 'Text' };
    const add = {
      do: 'create',
      record: 'line',
      in: 'salesQuoteLines',
      side: 'businessCentral',
      values: line,
    };
    const check = { do: 'check', expect: { lines: { quote: [{ description: 'Other' }] } } };
    const failure = runScenario(scenario({ steps: [create, add, check] }));
    await expect(failure).rejects.toThrow(/line 1 of quote description +\| +Other +\| +Text/);
  });

  it('fails when a failure it planned never happened', async () => {
    const fault = { do: 'fault', side: 'dataverse', path: 'nowhere', effect: { kind: 'dropBefore' } };
    const failure = runScenario(scenario({ steps: [fault, ...valid.steps] }));
    await expect(failure).rejects.toThrow(
      'Planned failures that never happened: dropBefore of any request nowhere',
    );
  });

  it('is set in columns as wide as their longest text', () => {
    const table = differenceTable([{ what: 'a', expected: 'long text', seen: 'b' }]);
    expect(table.split('\n')).toEqual(['what  |  expected   |  seen', 'a     |  long text  |  b']);
  });
});

describe('the folders of scenarios', () => {
  it('hold at least 60 that run', () => {
    expect(scenarioFiles(folder('files')).length).toBeGreaterThanOrEqual(60);
  });

  it('give every scenario a title of its own', () => {
    const titles = scenarioFiles(folder('files')).map((file) => loadScenario(folder('files'), file).title);
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  });
});
