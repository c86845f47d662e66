page 50316 "OS SalesOrderExtras"
{
    PageType = API;
    Caption = 'Sales order extras', Locked = true;
    APIPublisher = 'openSync';
    APIGroup = 'salesIntegration';
    APIVersion = 'v1.0';
    EntityName = 'salesOrderExtra';
    EntitySetName = 'salesOrderExtras';
    SourceTable = "Sales Header";
    SourceTableView = where("Document Type" = const(Order));
    ODataKeyFields = SystemId;
    DelayedInsert = true;
    Extensible = false;
    InsertAllowed = false;
    ModifyAllowed = true;
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
                field(documentType; Rec."Document Type")
                {
                    Caption = 'Document type', Locked = true;
                    Editable = false;
                }
                field(number; Rec."No.")
                {
                    Caption = 'Number', Locked = true;
                    Editable = false;
                }
                field(sellToCustomerNumber; Rec."Sell-to Customer No.")
                {
                    Caption = 'Sell to customer number', Locked = true;
                    Editable = false;
                }
                field(status; Rec.Status)
                {
                    Caption = 'Status', Locked = true;
                    Editable = false;
                }
                field(shippingAgentCode; Rec."Shipping Agent Code")
                {
                    Caption = 'Shipping agent code', Locked = true;
                }
                field(shippingAgentServiceCode; Rec."Shipping Agent Service Code")
                {
                    Caption = 'Shipping agent service code', Locked = true;
                }
                field(shipmentMethodCode; Rec."Shipment Method Code")
                {
                    Caption = 'Shipment method code', Locked = true;
                    Editable = false;
                }
                field(paymentTermsCode; Rec."Payment Terms Code")
                {
                    Caption = 'Payment terms code', Locked = true;
                    Editable = false;
                }
                field(paymentDiscountPercent; Rec."Payment Discount %")
                {
                    Caption = 'Payment discount percent', Locked = true;
                }
                field(packageTrackingNumber; Rec."Package Tracking No.")
                {
                    Caption = 'Package tracking number', Locked = true;
                    Editable = false;
                }
                field(requestedDeliveryDate; Rec."Requested Delivery Date")
                {
                    Caption = 'Requested delivery date', Locked = true;
                }
                field(promisedDeliveryDate; Rec."Promised Delivery Date")
                {
                    Caption = 'Promised delivery date', Locked = true;
                    Editable = false;
                }
                field(shipmentDate; Rec."Shipment Date")
                {
                    Caption = 'Shipment date', Locked = true;
                    Editable = false;
                }
                field(lastShipmentDate; Rec."Last Shipment Date")
                {
                    Caption = 'Last shipment date', Locked = true;
                    Editable = false;
                }
                field(completelyShipped; Rec."Completely Shipped")
                {
                    Caption = 'Completely shipped', Locked = true;
                    Editable = false;
                }
                field(ship; Rec.Ship)
                {
                    Caption = 'Ship', Locked = true;
                    Editable = false;
                }
                field(invoice; Rec.Invoice)
                {
                    Caption = 'Invoice', Locked = true;
                    Editable = false;
                }
                field(locationCode; Rec."Location Code")
                {
                    Caption = 'Location code', Locked = true;
                    Editable = false;
                }
                field(yourReference; Rec."Your Reference")
                {
                    Caption = 'Your reference', Locked = true;
                }
                field(externalDocumentNumber; Rec."External Document No.")
                {
                    Caption = 'External document number', Locked = true;
                }
                field(opportunityNumber; Rec."Opportunity No.")
                {
                    Caption = 'Opportunity number', Locked = true;
                    Editable = false;
                }
                field(quoteNumber; Rec."Quote No.")
                {
                    Caption = 'Quote number', Locked = true;
                    Editable = false;
                }
                field(currencyFactor; Rec."Currency Factor")
                {
                    Caption = 'Currency factor', Locked = true;
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
                field(invoiceDiscountAmount; Rec."Invoice Discount Amount")
                {
                    Caption = 'Invoice discount amount', Locked = true;
                    Editable = false;
                }
                field(workDescription; WorkDescription)
                {
                    Caption = 'Work description', Locked = true;
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
                field(billToAddressLine1; Rec."Bill-to Address")
                {
                    Caption = 'Bill to address line1', Locked = true;
                }
                field(billToAddressLine2; Rec."Bill-to Address 2")
                {
                    Caption = 'Bill to address line2', Locked = true;
                }
                field(billToPostCode; Rec."Bill-to Post Code")
                {
                    Caption = 'Bill to post code', Locked = true;
                }
                field(billToCity; Rec."Bill-to City")
                {
                    Caption = 'Bill to city', Locked = true;
                }
                field(billToCountry; Rec."Bill-to Country/Region Code")
                {
                    Caption = 'Bill to country', Locked = true;
                }
                field(billToState; Rec."Bill-to County")
                {
                    Caption = 'Bill to state', Locked = true;
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
        WorkDescription := Rec.GetWorkDescription();
    end;

    trigger OnModifyRecord(): Boolean
    begin
        if WorkDescription <> Rec.GetWorkDescription() then
            Rec.SetWorkDescription(WorkDescription);
        exit(true);
    end;

    [ServiceEnabled]
    procedure Release(var ActionContext: WebServiceActionContext)
    var
        ReleaseSalesDocument: Codeunit "Release Sales Document";
    begin
        ReleaseSalesDocument.PerformManualRelease(Rec);
        ActionContext.SetObjectType(ObjectType::Page);
        ActionContext.SetObjectId(Page::"OS SalesOrderExtras");
        ActionContext.AddEntityKey(Rec.FieldNo(SystemId), Rec.SystemId);
        ActionContext.SetResultCode(WebServiceActionResultCode::Updated);
    end;

    [ServiceEnabled]
    procedure Reopen(var ActionContext: WebServiceActionContext)
    var
        ReleaseSalesDocument: Codeunit "Release Sales Document";
    begin
        ReleaseSalesDocument.PerformManualReopen(Rec);
        ActionContext.SetObjectType(ObjectType::Page);
        ActionContext.SetObjectId(Page::"OS SalesOrderExtras");
        ActionContext.AddEntityKey(Rec.FieldNo(SystemId), Rec.SystemId);
        ActionContext.SetResultCode(WebServiceActionResultCode::Updated);
    end;

    var
        WorkDescription: Text;
}
