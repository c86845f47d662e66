/** What every organisation has from the start: its row, root unit, base currency, two users, default team. */
import { seededGuid } from '../common/random.ts';
import { currentInstant, type Organisation } from './organisation.ts';
import type { Row } from './store/row.ts';

const nonInteractive = 4;
const support = 3;

/** Fills an empty store. */
export function createEmptyOrganisation(organisation: Organisation): void {
  const { store, random } = organisation;
  const id = () => seededGuid(random);
  const [organizationId, unitId, currencyId, systemId, integrationId, teamId] = [
    id(),
    id(),
    id(),
    id(),
    id(),
    id(),
  ];
  const instant = currentInstant(organisation);
  const put = (table: string, row: Row) => {
    const stamps = {
      createdon: instant,
      modifiedon: instant,
      _createdby_value: systemId,
      _modifiedby_value: systemId,
    };
    store.put(store.tableOf(table), { ...row, ...stamps, versionnumber: store.nextVersion() });
  };
  put('organization', organizationRow(organizationId, currencyId));
  put('businessunit', { businessunitid: unitId, name: 'organisation', isdisabled: false });
  put('transactioncurrency', baseCurrencyRow(currencyId, organizationId));
  put('systemuser', userRow(systemId, unitId, null, 'SYSTEM', support));
  put('systemuser', userRow(integrationId, unitId, 'Business Central', 'Integration', nonInteractive));
  put('team', defaultTeamRow(teamId, unitId, systemId));
  store.setMember(teamId, integrationId, true);
}

function organizationRow(organizationId: string, currencyId: string): Row {
  return {
    organizationid: organizationId,
    name: 'organisation',
    _basecurrencyid_value: currencyId,
    basecurrencyprecision: 2,
    basecurrencysymbol: '$',
    pricingdecimalprecision: 2,
    currencydecimalprecision: 2,
    languagecode: 1033,
    localeid: 1033,
    fullnameconventioncode: 1,
    expirechangetrackingindays: 30,
    quoteprefix: 'QUO',
    currentquotenumber: 1000,
    orderprefix: 'ORD',
    currentordernumber: 1000,
    invoiceprefix: 'INV',
    currentinvoicenumber: 1000,
    uniquespecifierlength: 6,
    oobpricecalculationenabled: true,
    createproductswithoutparentinactivestate: true,
  };
}

function baseCurrencyRow(currencyId: string, organizationId: string): Row {
  return {
    transactioncurrencyid: currencyId,
    currencyname: 'US Dollar',
    isocurrencycode: 'USD',
    currencysymbol: '$',
    currencyprecision: 2,
    exchangerate: 1,
    statecode: 0,
    statuscode: 1,
    _organizationid_value: organizationId,
  };
}

function userRow(id: string, unitId: string, first: string | null, last: string, accessmode: number): Row {
  const name = first === null ? last : `${first} ${last}`;
  const isIntegration = accessmode === nonInteractive;
  return {
    systemuserid: id,
    ...(first === null ? {} : { firstname: first }),
    lastname: last,
    fullname: name,
    _businessunitid_value: unitId,
    isdisabled: false,
    islicensed: false,
    isintegrationuser: isIntegration,
    accessmode,
    ...(isIntegration ? { applicationid: '00000000-0000-4000-8000-00000000000a' } : {}),
  };
}

function defaultTeamRow(teamId: string, unitId: string, administratorId: string): Row {
  return {
    teamid: teamId,
    name: 'organisation',
    teamtype: 0,
    isdefault: true,
    _businessunitid_value: unitId,
    _administratorid_value: administratorId,
  };
}
