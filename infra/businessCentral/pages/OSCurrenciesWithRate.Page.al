page 50303 "OS CurrenciesWithRate"
{
    PageType = API;
    Caption = 'Currencies with rate', Locked = true;
    APIPublisher = 'openSync';
    APIGroup = 'salesIntegration';
    APIVersion = 'v1.0';
    EntityName = 'currencyWithRate';
    EntitySetName = 'currenciesWithRate';
    SourceTable = Currency;
    ODataKeyFields = SystemId;
    DelayedInsert = true;
    Extensible = false;
    InsertAllowed = false;
    ModifyAllowed = false;
    DeleteAllowed = false;

    layout
    {
        area(Content)
        {
            repeater(Records)
            {
                field(id; Rec.SystemId)
                {
                    Caption = 'Id', Locked = true;
                    Editable = false;
                }
                field("code"; Rec.Code)
                {
                    Caption = 'Code', Locked = true;
                    Editable = false;
                }
                field(description; Rec.Description)
                {
                    Caption = 'Description', Locked = true;
                    Editable = false;
                }
                field(symbol; Rec.Symbol)
                {
                    Caption = 'Symbol', Locked = true;
                    Editable = false;
                }
                field(isoCode; Rec."ISO Code")
                {
                    Caption = 'Iso code', Locked = true;
                    Editable = false;
                }
                field(isoNumericCode; Rec."ISO Numeric Code")
                {
                    Caption = 'Iso numeric code', Locked = true;
                    Editable = false;
                }
                field(amountDecimalPlaces; Rec."Amount Decimal Places")
                {
                    Caption = 'Amount decimal places', Locked = true;
                    Editable = false;
                }
                field(amountRoundingPrecision; Rec."Amount Rounding Precision")
                {
                    Caption = 'Amount rounding precision', Locked = true;
                    Editable = false;
                }
                field(lastDateModified; Rec."Last Date Modified")
                {
                    Caption = 'Last date modified', Locked = true;
                    Editable = false;
                }
                field(startingDate; StartingDate)
                {
                    Caption = 'Starting date', Locked = true;
                    Editable = false;
                }
                field(exchangeRateAmount; ExchangeRateAmount)
                {
                    Caption = 'Exchange rate amount', Locked = true;
                    Editable = false;
                }
                field(relationalExchangeRateAmount; RelationalExchangeRateAmount)
                {
                    Caption = 'Relational exchange rate amount', Locked = true;
                    Editable = false;
                }
                field(relationalCurrencyCode; RelationalCurrencyCode)
                {
                    Caption = 'Relational currency code', Locked = true;
                    Editable = false;
                }
                field(currencyFactor; CurrencyFactor)
                {
                    Caption = 'Currency factor', Locked = true;
                    Editable = false;
                }
                field(systemCreatedAt; Rec.SystemCreatedAt)
                {
                    Caption = 'System created at', Locked = true;
                    Editable = false;
                }
                field(lastModifiedDateTime; Rec.SystemModifiedAt)
                {
                    Caption = 'Last modified date time', Locked = true;
                    Editable = false;
                }
                field(systemRowVersion; Rec.SystemRowVersion)
                {
                    Caption = 'System row version', Locked = true;
                    Editable = false;
                }
            }
        }
    }

    trigger OnOpenPage()
    begin
        // Records of transactions under way are not shown: a synchronisation must not copy what is rolled back.
        Rec.ReadIsolation := IsolationLevel::ReadCommitted;
    end;

    trigger OnAfterGetRecord()
    begin
        LoadRate();
    end;

    local procedure LoadRate()
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

    var
        StartingDate: Date;
        ExchangeRateAmount: Decimal;
        RelationalExchangeRateAmount: Decimal;
        RelationalCurrencyCode: Code[10];
        CurrencyFactor: Decimal;
}
