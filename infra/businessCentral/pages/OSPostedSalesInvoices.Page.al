page 50311 "OS PostedSalesInvoices"
{
    PageType = API;
    Caption = 'Posted sales invoices', Locked = true;
    APIPublisher = 'openSync';
    APIGroup = 'salesIntegration';
    APIVersion = 'v1.0';
    EntityName = 'postedSalesInvoice';
    EntitySetName = 'postedSalesInvoices';
    SourceTable = "Sales Invoice Header";
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
                field(billToCustomerNumber; Rec."Bill-to Customer No.")
                {
                    Caption = 'Bill to customer number', Locked = true;
                    Editable = false;
                }
                field(billToName; Rec."Bill-to Name")
                {
                    Caption = 'Bill to name', Locked = true;
                    Editable = false;
                }
                field(billToAddress; Rec."Bill-to Address")
                {
                    Caption = 'Bill to address', Locked = true;
                    Editable = false;
                }
                field(billToAddress2; Rec."Bill-to Address 2")
                {
                    Caption = 'Bill to address2', Locked = true;
                    Editable = false;
                }
                field(billToCity; Rec."Bill-to City")
                {
                    Caption = 'Bill to city', Locked = true;
                    Editable = false;
                }
                field(billToCounty; Rec."Bill-to County")
                {
                    Caption = 'Bill to county', Locked = true;
                    Editable = false;
                }
                field(billToPostCode; Rec."Bill-to Post Code")
                {
                    Caption = 'Bill to post code', Locked = true;
                    Editable = false;
                }
                field(billToCountryRegionCode; Rec."Bill-to Country/Region Code")
                {
                    Caption = 'Bill to country region code', Locked = true;
                    Editable = false;
                }
                field(shipToName; Rec."Ship-to Name")
                {
                    Caption = 'Ship to name', Locked = true;
                    Editable = false;
                }
                field(shipToAddress; Rec."Ship-to Address")
                {
                    Caption = 'Ship to address', Locked = true;
                    Editable = false;
                }
                field(shipToAddress2; Rec."Ship-to Address 2")
                {
                    Caption = 'Ship to address2', Locked = true;
                    Editable = false;
                }
                field(shipToCity; Rec."Ship-to City")
                {
                    Caption = 'Ship to city', Locked = true;
                    Editable = false;
                }
                field(shipToCounty; Rec."Ship-to County")
                {
                    Caption = 'Ship to county', Locked = true;
                    Editable = false;
                }
                field(shipToPostCode; Rec."Ship-to Post Code")
                {
                    Caption = 'Ship to post code', Locked = true;
                    Editable = false;
                }
                field(shipToCountryRegionCode; Rec."Ship-to Country/Region Code")
                {
                    Caption = 'Ship to country region code', Locked = true;
                    Editable = false;
                }
                field(orderNumber; Rec."Order No.")
                {
                    Caption = 'Order number', Locked = true;
                    Editable = false;
                }
                field(postingDate; Rec."Posting Date")
                {
                    Caption = 'Posting date', Locked = true;
                    Editable = false;
                }
                field(documentDate; Rec."Document Date")
                {
                    Caption = 'Document date', Locked = true;
                    Editable = false;
                }
                field(dueDate; Rec."Due Date")
                {
                    Caption = 'Due date', Locked = true;
                    Editable = false;
                }
                field(shipmentDate; Rec."Shipment Date")
                {
                    Caption = 'Shipment date', Locked = true;
                    Editable = false;
                }
                field(currencyCode; Rec."Currency Code")
                {
                    Caption = 'Currency code', Locked = true;
                    Editable = false;
                }
                field(currencyFactor; Rec."Currency Factor")
                {
                    Caption = 'Currency factor', Locked = true;
                    Editable = false;
                }
                field(salespersonCode; Rec."Salesperson Code")
                {
                    Caption = 'Salesperson code', Locked = true;
                    Editable = false;
                }
                field(paymentTermsCode; Rec."Payment Terms Code")
                {
                    Caption = 'Payment terms code', Locked = true;
                    Editable = false;
                }
                field(shipmentMethodCode; Rec."Shipment Method Code")
                {
                    Caption = 'Shipment method code', Locked = true;
                    Editable = false;
                }
                field(shippingAgentCode; Rec."Shipping Agent Code")
                {
                    Caption = 'Shipping agent code', Locked = true;
                    Editable = false;
                }
                field(packageTrackingNumber; Rec."Package Tracking No.")
                {
                    Caption = 'Package tracking number', Locked = true;
                    Editable = false;
                }
                field(externalDocumentNumber; Rec."External Document No.")
                {
                    Caption = 'External document number', Locked = true;
                    Editable = false;
                }
                field(yourReference; Rec."Your Reference")
                {
                    Caption = 'Your reference', Locked = true;
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
                field(remainingAmount; Rec."Remaining Amount")
                {
                    Caption = 'Remaining amount', Locked = true;
                    Editable = false;
                }
                field(closed; Rec.Closed)
                {
                    Caption = 'Closed', Locked = true;
                    Editable = false;
                }
                field(cancelled; Rec.Cancelled)
                {
                    Caption = 'Cancelled', Locked = true;
                    Editable = false;
                }
                field(corrective; Rec.Corrective)
                {
                    Caption = 'Corrective', Locked = true;
                    Editable = false;
                }
                field(draftInvoiceId; Rec."Draft Invoice SystemId")
                {
                    Caption = 'Draft invoice id', Locked = true;
                    Editable = false;
                }
                field(workDescription; WorkDescription)
                {
                    Caption = 'Work description', Locked = true;
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
                field(pricesIncludingTax; Rec."Prices Including VAT")
                {
                    Caption = 'Prices including tax', Locked = true;
                    Editable = false;
                }
            }
            part(postedSalesInvoiceLines; "OS PostedSalesInvoiceLines")
            {
                Caption = 'Posted sales invoice lines', Locked = true;
                EntityName = 'postedSalesInvoiceLine';
                EntitySetName = 'postedSalesInvoiceLines';
                SubPageLink = "Document No." = field("No.");
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

    var
        WorkDescription: Text;
}
