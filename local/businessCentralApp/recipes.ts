/** What the list of properties cannot say: which table a page stands on, and how values that no field holds are had. */
import { documentNotes, type GatheredSource } from './documentNotes.ts';

/** Where a page gets its records. */
export interface PageSource {
  /** Table of Business Central's base application. */
  readonly table: string;
  /** Filter of the page, in AL. */
  readonly view?: string;
  /** Of a page whose records are gathered for each request. */
  readonly gathered?: GatheredSource;
}

const ordersOnly = 'where("Document Type" = const(Order))';

/** Sets whose source table has another name than the list says, or that show a part of it. */
export const pageSources: Readonly<Record<string, PageSource>> = {
  integrationSetup: { table: 'Sales & Receivables Setup' },
  salesDocumentNotes: documentNotes,
  salesOrderExtras: { table: 'Sales Header', view: ordersOnly },
  salesOrderLineExtras: { table: 'Sales Line', view: ordersOnly },
};

/** A value that is worked out for each record. */
export interface ComputedValue {
  /** AL type of the page variable. */
  readonly type: string;
  /** Which of {@link procedures} gives it, or an expression over `Rec`. */
  readonly procedure?: string;
  readonly expression?: string;
  /** Statement that stores what was sent; absent = the value cannot be written. */
  readonly write?: string;
}

const rate = 'LoadRate';
const partner = 'LoadCustomer';
const relations = 'LoadBusinessRelations';
const workDescription: ComputedValue = { type: 'Text', expression: 'Rec.GetWorkDescription()' };

/** By set and property; a computed property without an entry here stops the generation. */
export const computedValues: Readonly<Record<string, ComputedValue>> = {
  'contactExtras.customerId': { type: 'Guid', procedure: partner },
  'contactExtras.customerNumber': { type: 'Code[20]', procedure: partner },
  'currenciesWithRate.currencyFactor': { type: 'Decimal', procedure: rate },
  'currenciesWithRate.exchangeRateAmount': { type: 'Decimal', procedure: rate },
  'currenciesWithRate.relationalCurrencyCode': { type: 'Code[10]', procedure: rate },
  'currenciesWithRate.relationalExchangeRateAmount': { type: 'Decimal', procedure: rate },
  'currenciesWithRate.startingDate': { type: 'Date', procedure: rate },
  'customerExtras.invoicedPrepaymentAmountLcy': {
    type: 'Decimal',
    expression: 'Rec.GetInvoicedPrepmtAmountLCY()',
  },
  'customerExtras.overdueBalanceLcy': { type: 'Decimal', expression: 'Rec.CalcOverdueBalance()' },
  'customerExtras.totalAmountLcy': { type: 'Decimal', expression: 'Rec.GetTotalAmountLCY()' },
  'integrationSetup.customerBusinessRelationCode': { type: 'Code[10]', procedure: relations },
  'integrationSetup.extendedPricing': { type: 'Boolean', procedure: 'LoadExtendedPricing' },
  'integrationSetup.unitGroupMapping': { type: 'Boolean', procedure: 'LoadUnitGroupMapping' },
  'integrationSetup.vendorBusinessRelationCode': { type: 'Code[10]', procedure: relations },
  'postedSalesInvoices.workDescription': workDescription,
  'salesDocumentNotes.noteText': { type: 'Text', write: 'by the triggers of the page' },
  'salesOrderExtras.workDescription': {
    ...workDescription,
    write: 'Rec.SetWorkDescription(WorkDescription)',
  },
  'salesOrderLineExtras.documentId': { type: 'Guid', procedure: 'LoadDocument' },
};

/** Properties that stand on a field of another name than the list says. */
export const fieldNames: Readonly<Record<string, string>> = {
  'salesDocumentNotes.id': 'Id',
  'salesDocumentNotes.lastModifiedDateTime': 'Modified At',
  'salesOrderLineExtras.currencyCode': 'Currency Code',
};

/** Local procedures of a page, by name; each fills the page variables of the properties that name it. */
export const procedures: Readonly<Record<string, string>> = {
  [rate]: `    local procedure LoadRate()
    var
        ExchangeRate: Record "Currency Exchange Rate";
    begin
        StartingDate := 0D;
        ExchangeRateAmount := 0;
        RelationalExchangeRateAmount := 0;
        RelationalCurrencyCode := '';
        CurrencyFactor := 0;
        ExchangeRate.SetRange("Currency Code", Rec.Code);
        ExchangeRate.SetRange("Starting Date", 0D, WorkDate());
        if not ExchangeRate.FindLast() then
            exit;
        StartingDate := ExchangeRate."Starting Date";
        ExchangeRateAmount := ExchangeRate."Exchange Rate Amount";
        RelationalExchangeRateAmount := ExchangeRate."Relational Exch. Rate Amount";
        RelationalCurrencyCode := ExchangeRate."Relational Currency Code";
        if RelationalExchangeRateAmount <> 0 then
            CurrencyFactor := ExchangeRateAmount / RelationalExchangeRateAmount;
    end;
`,
  [partner]: `    local procedure LoadCustomer()
    var
        BusinessRelation: Record "Contact Business Relation";
        Customer: Record Customer;
    begin
        Clear(CustomerId);
        CustomerNumber := '';
        BusinessRelation.SetRange("Contact No.", Rec."Company No.");
        BusinessRelation.SetRange("Link to Table", BusinessRelation."Link to Table"::Customer);
        if not BusinessRelation.FindFirst() then
            exit;
        CustomerNumber := BusinessRelation."No.";
        if Customer.Get(CustomerNumber) then
            CustomerId := Customer.SystemId;
    end;
`,
  [relations]: `    local procedure LoadBusinessRelations()
    var
        MarketingSetup: Record "Marketing Setup";
    begin
        CustomerBusinessRelationCode := '';
        VendorBusinessRelationCode := '';
        if not MarketingSetup.Get() then
            exit;
        CustomerBusinessRelationCode := MarketingSetup."Bus. Rel. Code for Customers";
        VendorBusinessRelationCode := MarketingSetup."Bus. Rel. Code for Vendors";
    end;
`,
  LoadExtendedPricing: `    local procedure LoadExtendedPricing()
    var
        PriceCalculationMgt: Codeunit "Price Calculation Mgt.";
    begin
        ExtendedPricing := PriceCalculationMgt.IsExtendedPriceCalculationEnabled();
    end;
`,
  LoadUnitGroupMapping: `    local procedure LoadUnitGroupMapping()
    var
        ConnectionSetup: Record "CRM Connection Setup";
    begin
        UnitGroupMapping := false;
        if ConnectionSetup.Get() then
            UnitGroupMapping := ConnectionSetup."Unit Group Mapping Enabled";
    end;
`,
  LoadDocument: `    local procedure LoadDocument()
    var
        SalesHeader: Record "Sales Header";
    begin
        Clear(DocumentId);
        if SalesHeader.Get(Rec."Document Type", Rec."Document No.") then
            DocumentId := SalesHeader.SystemId;
    end;
`,
};

/** Tables that procedures read beside the page's own. */
export const tablesReadBeside: Readonly<Record<string, readonly string[]>> = {
  [rate]: ['Currency Exchange Rate'],
  [partner]: ['Contact Business Relation', 'Customer'],
  [relations]: ['Marketing Setup'],
  LoadDocument: ['Sales Header'],
  LoadUnitGroupMapping: ['CRM Connection Setup'],
};

/** Codeunits that procedures call. */
export const codeunitsBeside: Readonly<Record<string, readonly string[]>> = {
  LoadExtendedPricing: ['Price Calculation Mgt.'],
};

/** Bound actions by name: what each does with the record, and which codeunit it needs. */
export const boundActions: Readonly<Record<string, { readonly codeunit: string; readonly call: string }>> = {
  'salesOrderExtras.release': { codeunit: 'Release Sales Document', call: 'PerformManualRelease' },
  'salesOrderExtras.reopen': { codeunit: 'Release Sales Document', call: 'PerformManualReopen' },
};

/** Pages over tables that newer versions of Business Central no longer have; the symbol leaves them out of the build. */
export const withoutSymbols: Readonly<Record<string, string>> = { salesPrices: 'WITHOUT_SALES_PRICES' };
