page 50304 "OS CustomerExtras"
{
    PageType = API;
    Caption = 'Customer extras', Locked = true;
    APIPublisher = 'openSync';
    APIGroup = 'salesIntegration';
    APIVersion = 'v1.0';
    EntityName = 'customerExtra';
    EntitySetName = 'customerExtras';
    SourceTable = Customer;
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
                field(number; Rec."No.")
                {
                    Caption = 'Number', Locked = true;
                    Editable = false;
                }
                field(name2; Rec."Name 2")
                {
                    Caption = 'Name2', Locked = true;
                    Editable = false;
                }
                field(contact; Rec.Contact)
                {
                    Caption = 'Contact', Locked = true;
                }
                field(primaryContactNumber; Rec."Primary Contact No.")
                {
                    Caption = 'Primary contact number', Locked = true;
                }
                field(faxNumber; Rec."Fax No.")
                {
                    Caption = 'Fax number', Locked = true;
                }
                field(mobilePhoneNumber; Rec."Mobile Phone No.")
                {
                    Caption = 'Mobile phone number', Locked = true;
                }
                field(territoryCode; Rec."Territory Code")
                {
                    Caption = 'Territory code', Locked = true;
                }
                field(customerPriceGroup; Rec."Customer Price Group")
                {
                    Caption = 'Customer price group', Locked = true;
                }
                field(customerDiscountGroup; Rec."Customer Disc. Group")
                {
                    Caption = 'Customer discount group', Locked = true;
                    Editable = false;
                }
                field(invoiceDiscountCode; Rec."Invoice Disc. Code")
                {
                    Caption = 'Invoice discount code', Locked = true;
                    Editable = false;
                }
                field(shippingAgentCode; Rec."Shipping Agent Code")
                {
                    Caption = 'Shipping agent code', Locked = true;
                }
                field(shippingAgentServiceCode; Rec."Shipping Agent Service Code")
                {
                    Caption = 'Shipping agent service code', Locked = true;
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
                field(paymentMethodCode; Rec."Payment Method Code")
                {
                    Caption = 'Payment method code', Locked = true;
                    Editable = false;
                }
                field(currencyCode; Rec."Currency Code")
                {
                    Caption = 'Currency code', Locked = true;
                    Editable = false;
                }
                field(locationCode; Rec."Location Code")
                {
                    Caption = 'Location code', Locked = true;
                    Editable = false;
                }
                field(languageCode; Rec."Language Code")
                {
                    Caption = 'Language code', Locked = true;
                    Editable = false;
                }
                field(billToCustomerNumber; Rec."Bill-to Customer No.")
                {
                    Caption = 'Bill to customer number', Locked = true;
                    Editable = false;
                }
                field(creditLimitLcy; Rec."Credit Limit (LCY)")
                {
                    Caption = 'Credit limit lcy', Locked = true;
                    Editable = false;
                }
                field(balanceLcy; Rec."Balance (LCY)")
                {
                    Caption = 'Balance lcy', Locked = true;
                    Editable = false;
                }
                field(balanceDueLcy; Rec."Balance Due (LCY)")
                {
                    Caption = 'Balance due lcy', Locked = true;
                    Editable = false;
                }
                field(outstandingOrdersLcy; Rec."Outstanding Orders (LCY)")
                {
                    Caption = 'Outstanding orders lcy', Locked = true;
                    Editable = false;
                }
                field(shippedNotInvoicedLcy; Rec."Shipped Not Invoiced (LCY)")
                {
                    Caption = 'Shipped not invoiced lcy', Locked = true;
                    Editable = false;
                }
                field(outstandingInvoicesLcy; Rec."Outstanding Invoices (LCY)")
                {
                    Caption = 'Outstanding invoices lcy', Locked = true;
                    Editable = false;
                }
                field(salesLcy; Rec."Sales (LCY)")
                {
                    Caption = 'Sales lcy', Locked = true;
                    Editable = false;
                }
                field(profitLcy; Rec."Profit (LCY)")
                {
                    Caption = 'Profit lcy', Locked = true;
                    Editable = false;
                }
                field(numberOfQuotes; Rec."No. of Quotes")
                {
                    Caption = 'Number of quotes', Locked = true;
                    Editable = false;
                }
                field(numberOfOrders; Rec."No. of Orders")
                {
                    Caption = 'Number of orders', Locked = true;
                    Editable = false;
                }
                field(numberOfInvoices; Rec."No. of Invoices")
                {
                    Caption = 'Number of invoices', Locked = true;
                    Editable = false;
                }
                field(coupledToDataverse; Rec."Coupled to Dataverse")
                {
                    Caption = 'Coupled to dataverse', Locked = true;
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
                field(totalAmountLcy; TotalAmountLcy)
                {
                    Caption = 'Total amount lcy', Locked = true;
                    Editable = false;
                }
                field(overdueBalanceLcy; OverdueBalanceLcy)
                {
                    Caption = 'Overdue balance lcy', Locked = true;
                    Editable = false;
                }
                field(invoicedPrepaymentAmountLcy; InvoicedPrepaymentAmountLcy)
                {
                    Caption = 'Invoiced prepayment amount lcy', Locked = true;
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
        TotalAmountLcy := Rec.GetTotalAmountLCY();
        OverdueBalanceLcy := Rec.CalcOverdueBalance();
        InvoicedPrepaymentAmountLcy := Rec.GetInvoicedPrepmtAmountLCY();
    end;

    var
        TotalAmountLcy: Decimal;
        OverdueBalanceLcy: Decimal;
        InvoicedPrepaymentAmountLcy: Decimal;
}
