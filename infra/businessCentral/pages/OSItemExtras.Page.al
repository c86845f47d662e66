page 50307 "OS ItemExtras"
{
    PageType = API;
    Caption = 'Item extras', Locked = true;
    APIPublisher = 'openSync';
    APIGroup = 'salesIntegration';
    APIVersion = 'v1.0';
    EntityName = 'itemExtra';
    EntitySetName = 'itemExtras';
    SourceTable = Item;
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
                field(description2; Rec."Description 2")
                {
                    Caption = 'Description2', Locked = true;
                    Editable = false;
                }
                field(salesUnitOfMeasure; Rec."Sales Unit of Measure")
                {
                    Caption = 'Sales unit of measure', Locked = true;
                    Editable = false;
                }
                field(purchUnitOfMeasure; Rec."Purch. Unit of Measure")
                {
                    Caption = 'Purch unit of measure', Locked = true;
                    Editable = false;
                }
                field(vendorNumber; Rec."Vendor No.")
                {
                    Caption = 'Vendor number', Locked = true;
                    Editable = false;
                }
                field(vendorItemNumber; Rec."Vendor Item No.")
                {
                    Caption = 'Vendor item number', Locked = true;
                    Editable = false;
                }
                field(grossWeight; Rec."Gross Weight")
                {
                    Caption = 'Gross weight', Locked = true;
                    Editable = false;
                }
                field(netWeight; Rec."Net Weight")
                {
                    Caption = 'Net weight', Locked = true;
                    Editable = false;
                }
                field(unitVolume; Rec."Unit Volume")
                {
                    Caption = 'Unit volume', Locked = true;
                    Editable = false;
                }
                field(salesBlocked; Rec."Sales Blocked")
                {
                    Caption = 'Sales blocked', Locked = true;
                    Editable = false;
                }
                field(blocked; Rec.Blocked)
                {
                    Caption = 'Blocked', Locked = true;
                    Editable = false;
                }
                field(inventory; Rec.Inventory)
                {
                    Caption = 'Inventory', Locked = true;
                    Editable = false;
                }
                field(quantityOnSalesOrder; Rec."Qty. on Sales Order")
                {
                    Caption = 'Quantity on sales order', Locked = true;
                    Editable = false;
                }
                field(quantityOnPurchaseOrder; Rec."Qty. on Purch. Order")
                {
                    Caption = 'Quantity on purchase order', Locked = true;
                    Editable = false;
                }
                field(itemDiscountGroup; Rec."Item Disc. Group")
                {
                    Caption = 'Item discount group', Locked = true;
                    Editable = false;
                }
                field(lastDateModified; Rec."Last Date Modified")
                {
                    Caption = 'Last date modified', Locked = true;
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
