page 50312 "OS PriceListHeaders"
{
    PageType = API;
    Caption = 'Price list headers', Locked = true;
    APIPublisher = 'openSync';
    APIGroup = 'salesIntegration';
    APIVersion = 'v1.0';
    EntityName = 'priceListHeader';
    EntitySetName = 'priceListHeaders';
    SourceTable = "Price List Header";
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
                field(sourceGroup; Rec."Source Group")
                {
                    Caption = 'Source group', Locked = true;
                    Editable = false;
                }
                field(sourceType; Rec."Source Type")
                {
                    Caption = 'Source type', Locked = true;
                    Editable = false;
                }
                field(sourceNumber; Rec."Source No.")
                {
                    Caption = 'Source number', Locked = true;
                    Editable = false;
                }
                field(priceType; Rec."Price Type")
                {
                    Caption = 'Price type', Locked = true;
                    Editable = false;
                }
                field(amountType; Rec."Amount Type")
                {
                    Caption = 'Amount type', Locked = true;
                    Editable = false;
                }
                field(currencyCode; Rec."Currency Code")
                {
                    Caption = 'Currency code', Locked = true;
                    Editable = false;
                }
                field(startingDate; Rec."Starting Date")
                {
                    Caption = 'Starting date', Locked = true;
                    Editable = false;
                }
                field(endingDate; Rec."Ending Date")
                {
                    Caption = 'Ending date', Locked = true;
                    Editable = false;
                }
                field(priceIncludesTax; Rec."Price Includes VAT")
                {
                    Caption = 'Price includes tax', Locked = true;
                    Editable = false;
                }
                field(allowLineDiscount; Rec."Allow Line Disc.")
                {
                    Caption = 'Allow line discount', Locked = true;
                    Editable = false;
                }
                field(allowInvoiceDiscount; Rec."Allow Invoice Disc.")
                {
                    Caption = 'Allow invoice discount', Locked = true;
                    Editable = false;
                }
                field(status; Rec.Status)
                {
                    Caption = 'Status', Locked = true;
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
                field(allowUpdatingDefaults; Rec."Allow Updating Defaults")
                {
                    Caption = 'Allow updating defaults', Locked = true;
                    Editable = false;
                }
            }
            part(priceListLines; "OS PriceListLines")
            {
                Caption = 'Price list lines', Locked = true;
                EntityName = 'priceListLine';
                EntitySetName = 'priceListLines';
                SubPageLink = "Price List Code" = field(Code);
            }
        }
    }

    trigger OnOpenPage()
    begin
        // Records of transactions under way are not shown: a synchronisation must not copy what is rolled back.
        Rec.ReadIsolation := IsolationLevel::ReadCommitted;
    end;
}
