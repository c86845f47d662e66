import { describe, expect, it } from 'vitest';
import { guidOf } from '../../../test/builders/records.ts';
import { businessCentralId, dataverseId, mappingName } from '../common/ids.ts';
import { dataverseIdFor, isNameBased } from './dataverseIdFor.ts';

const company = guidOf('c', 1);
const customer = mappingName('CUSTOMER');
const adatum = businessCentralId(guidOf('b', 1));

describe('the id of a row made for a record', () => {
  it('is the same for the same company, mapping and record, in every version of this program (P2)', () => {
    expect(dataverseIdFor(company, customer, adatum)).toBe('e54e323d-868a-57a9-b187-4caa931f41d9');
    expect(dataverseIdFor(company.toUpperCase(), customer, adatum)).toBe(
      dataverseIdFor(company, customer, adatum),
    );
  });

  it('differs by company, mapping and record', () => {
    const ids = [
      dataverseIdFor(company, customer, adatum),
      dataverseIdFor(guidOf('c', 2), customer, adatum),
      dataverseIdFor(company, mappingName('CONTACT'), adatum),
      dataverseIdFor(company, customer, businessCentralId(guidOf('b', 2))),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is told from the ids Dataverse gives', () => {
    expect(isNameBased(dataverseIdFor(company, customer, adatum))).toBe(true);
    expect(isNameBased(dataverseId('83883308-7ad5-ea11-a813-000d3a33f3b4'))).toBe(false);
    expect(isNameBased(dataverseId(guidOf('d', 1)))).toBe(false);
  });

  it('is another, but always the same one, for a row that takes the place of a deleted one', () => {
    const deleted = dataverseId(guidOf('d', 1));
    const replacement = dataverseIdFor(company, customer, adatum, deleted);
    expect(replacement).not.toBe(dataverseIdFor(company, customer, adatum));
    expect(replacement).toBe(dataverseIdFor(company, customer, adatum, deleted));
  });
});
