page 50313 "OS PriceListLines"
{
    PageType = API;
    Caption = 'Price list lines', Locked = true;
    APIPublisher = 'openSync';
    APIGroup = 'salesIntegration';
    APIVersion = 'v1.0';
    EntityName = 'priceListLine';
    EntitySetName = 'priceListLines';
    SourceTable = "Price List Line";
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
                field(priceListCode; Rec."Price List Code")
                {
                    Caption = 'Price list code', Locked = true;
                    Editable = false;
                }
                field(lineNumber; Rec."Line No.")
                {
                    Caption = 'Line number', Locked = true;
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
                field(sourceId; Rec."Source ID")
                {
                    Caption = 'Source id', Locked = true;
                    Editable = false;
                }
                field(assetType; Rec."Asset Type")
                {
                    Caption = 'Asset type', Locked = true;
                    Editable = false;
                }
                field(assetNumber; Rec."Asset No.")
                {
                    Caption = 'Asset number', Locked = true;
                    Editable = false;
                }
                field(assetId; Rec."Asset ID")
                {
                    Caption = 'Asset id', Locked = true;
                    Editable = false;
                }
                field(productNumber; Rec."Product No.")
                {
                    Caption = 'Product number', Locked = true;
                    Editable = false;
                }
                field(variantCode; Rec."Variant Code")
                {
                    Caption = 'Variant code', Locked = true;
                    Editable = false;
                }
                field(currencyCode; Rec."Currency Code")
                {
                    Caption = 'Currency code', Locked = true;
                    Editable = false;
                }
                field(unitOfMeasureCode; Rec."Unit of Measure Code")
                {
                    Caption = 'Unit of measure code', Locked = true;
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
                field(minimumQuantity; Rec."Minimum Quantity")
                {
                    Caption = 'Minimum quantity', Locked = true;
                    Editable = false;
                }
                field(amountType; Rec."Amount Type")
                {
                    Caption = 'Amount type', Locked = true;
                    Editable = false;
                }
                field(unitPrice; Rec."Unit Price")
                {
                    Caption = 'Unit price', Locked = true;
                    Editable = false;
                }
                field(lineDiscountPercent; Rec."Line Discount %")
                {
                    Caption = 'Line discount percent', Locked = true;
                    Editable = false;
                }
                field(priceType; Rec."Price Type")
                {
                    Caption = 'Price type', Locked = true;
                    Editable = false;
                }
                field(status; Rec.Status)
                {
                    Caption = 'Status', Locked = true;
                    Editable = false;
                }
                field(description; Rec.Description)
                {
                    Caption = 'Description', Locked = true;
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
