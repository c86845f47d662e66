page 50310 "OS PostedSalesInvoiceLines"
{
    PageType = API;
    Caption = 'Posted sales invoice lines', Locked = true;
    APIPublisher = 'openSync';
    APIGroup = 'salesIntegration';
    APIVersion = 'v1.0';
    EntityName = 'postedSalesInvoiceLine';
    EntitySetName = 'postedSalesInvoiceLines';
    SourceTable = "Sales Invoice Line";
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
                field(documentNumber; Rec."Document No.")
                {
                    Caption = 'Document number', Locked = true;
                    Editable = false;
                }
                field(lineNumber; Rec."Line No.")
                {
                    Caption = 'Line number', Locked = true;
                    Editable = false;
                }
                field(type; Rec.Type)
                {
                    Caption = 'Type', Locked = true;
                    Editable = false;
                }
                field(number; Rec."No.")
                {
                    Caption = 'Number', Locked = true;
                    Editable = false;
                }
                field(description; Rec.Description)
                {
                    Caption = 'Description', Locked = true;
                    Editable = false;
                }
                field(description2; Rec."Description 2")
                {
                    Caption = 'Description2', Locked = true;
                    Editable = false;
                }
                field(quantity; Rec.Quantity)
                {
                    Caption = 'Quantity', Locked = true;
                    Editable = false;
                }
                field(unitOfMeasureCode; Rec."Unit of Measure Code")
                {
                    Caption = 'Unit of measure code', Locked = true;
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
                field(lineDiscountAmount; Rec."Line Discount Amount")
                {
                    Caption = 'Line discount amount', Locked = true;
                    Editable = false;
                }
                field(invoiceDiscountAmount; Rec."Inv. Discount Amount")
                {
                    Caption = 'Invoice discount amount', Locked = true;
                    Editable = false;
                }
                field(amount; Rec.Amount)
                {
                    Caption = 'Amount', Locked = true;
                    Editable = false;
                }
                field(amountIncludingTax; Rec."Amount Including VAT")
                {
                    Caption = 'Amount including tax', Locked = true;
                    Editable = false;
                }
                field(lineAmount; Rec."Line Amount")
                {
                    Caption = 'Line amount', Locked = true;
                    Editable = false;
                }
                field(shipmentDate; Rec."Shipment Date")
                {
                    Caption = 'Shipment date', Locked = true;
                    Editable = false;
                }
                field(locationCode; Rec."Location Code")
                {
                    Caption = 'Location code', Locked = true;
                    Editable = false;
                }
                field(variantCode; Rec."Variant Code")
                {
                    Caption = 'Variant code', Locked = true;
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
