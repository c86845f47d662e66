page 50305 "OS CustomerPriceGroups"
{
    PageType = API;
    Caption = 'Customer price groups', Locked = true;
    APIPublisher = 'openSync';
    APIGroup = 'salesIntegration';
    APIVersion = 'v1.0';
    EntityName = 'customerPriceGroup';
    EntitySetName = 'customerPriceGroups';
    SourceTable = "Customer Price Group";
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
                field(priceIncludesTax; Rec."Price Includes VAT")
                {
                    Caption = 'Price includes tax', Locked = true;
                    Editable = false;
                }
                field(allowInvoiceDiscount; Rec."Allow Invoice Disc.")
                {
                    Caption = 'Allow invoice discount', Locked = true;
                    Editable = false;
                }
                field(allowLineDiscount; Rec."Allow Line Disc.")
                {
                    Caption = 'Allow line discount', Locked = true;
                    Editable = false;
                }
                field(vatBusPostingGroupPrice; Rec."VAT Bus. Posting Gr. (Price)")
                {
                    Caption = 'Vat bus posting group price', Locked = true;
                    Editable = false;
                }
                field(priceCalculationMethod; Rec."Price Calculation Method")
                {
                    Caption = 'Price calculation method', Locked = true;
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
}
