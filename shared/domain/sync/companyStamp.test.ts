import { describe, expect, it } from 'vitest';
import { guidOf, planInput, record, row } from '../../../test/builders/records.ts';
import { dataverseId } from '../common/ids.ts';
import { belongsToUs, noStamp } from './companyStamp.ts';
import { chooseOwningTeam } from './owningTeam.ts';
import { planRecord } from './plan.ts';

const company = dataverseId(guidOf('c', 1));
const team = dataverseId(guidOf('c', 2));
const stamp = { company, owningTeam: team };
const ours = record({ displayName: 'Adatum' });

function inserted(changes: Parameters<typeof planInput>[0]) {
  const action = planRecord(
    planInput({ pair: { businessCentral: ours, dataverse: null, coupling: null }, ...changes }),
  );
  return 'values' in action ? action.values : {};
}

describe('new rows of Sales', () => {
  it('carry our company and belong to the owning team when nobody else owns them (E-70, E-71, E-88)', () => {
    expect(inserted({ stamp })).toMatchObject({
      bcbi_companyid: { table: 'bcbi_company', id: company },
      ownerid: { table: 'team', id: team },
    });
  });

  it('carry neither where the organisation knows no companies', () => {
    expect(Object.keys(inserted({ stamp: noStamp }))).toEqual(['name']);
  });
});

describe('rows of Sales', () => {
  it.each([
    ['ours', company, true],
    ["nobody's", null, true],
    ['of another company', guidOf('c', 9), false],
  ])(
    '%s pass the filter: only rows of other companies are left out (E-88, E-95)',
    (_whose, value, passes) => {
      expect(belongsToUs(stamp, row({ bcbi_companyid: value }))).toBe(passes);
      expect(belongsToUs(noStamp, row({ bcbi_companyid: value }))).toBe(true);
    },
  );
});

describe('the owning team', () => {
  const companyId = '5b6ff6f2-6c7b-4d0a-9a43-8f4f8a6a2f10';
  const other = { id: dataverseId(guidOf('d', 1)), name: 'BCI - contoso' };
  const own = { id: team, name: `BCI - CRONUS (${companyId.toUpperCase()})` };

  it('is the one whose unit is named after the company, else the only one, else none (D-143)', () => {
    expect(chooseOwningTeam([other, own], companyId)).toBe(team);
    expect(chooseOwningTeam([other], companyId)).toBe(other.id);
    expect(chooseOwningTeam([other, { ...other, id: team }], companyId)).toBeNull();
    expect(chooseOwningTeam([], companyId)).toBeNull();
  });
});
