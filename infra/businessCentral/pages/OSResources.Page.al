page 50315 "OS Resources"
{
    PageType = API;
    Caption = 'Resources', Locked = true;
    APIPublisher = 'openSync';
    APIGroup = 'salesIntegration';
    APIVersion = 'v1.0';
    EntityName = 'resource';
    EntitySetName = 'resources';
    SourceTable = Resource;
    ODataKeyFields = SystemId;
    DelayedInsert = true;
    Extensible = false;
    InsertAllowed = true;
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
                }
                field(type; Rec.Type)
                {
                    Caption = 'Type', Locked = true;
                }
                field(name; Rec.Name)
                {
                    Caption = 'Name', Locked = true;
                }
                field(name2; Rec."Name 2")
                {
                    Caption = 'Name2', Locked = true;
                    Editable = false;
                }
                field(searchName; Rec."Search Name")
                {
                    Caption = 'Search name', Locked = true;
                    Editable = false;
                }
                field(baseUnitOfMeasureCode; Rec."Base Unit of Measure")
                {
                    Caption = 'Base unit of measure code', Locked = true;
                }
                field(directUnitCost; Rec."Direct Unit Cost")
                {
                    Caption = 'Direct unit cost', Locked = true;
                }
                field(indirectCostPercent; Rec."Indirect Cost %")
                {
                    Caption = 'Indirect cost percent', Locked = true;
                    Editable = false;
                }
                field(unitCost; Rec."Unit Cost")
                {
                    Caption = 'Unit cost', Locked = true;
                }
                field(unitPrice; Rec."Unit Price")
                {
                    Caption = 'Unit price', Locked = true;
                }
                field(profitPercent; Rec."Profit %")
                {
                    Caption = 'Profit percent', Locked = true;
                    Editable = false;
                }
                field(vendorNumber; Rec."Vendor No.")
                {
                    Caption = 'Vendor number', Locked = true;
                }
                field(resourceGroupNumber; Rec."Resource Group No.")
                {
                    Caption = 'Resource group number', Locked = true;
                    Editable = false;
                }
                field(capacity; Rec.Capacity)
                {
                    Caption = 'Capacity', Locked = true;
                    Editable = false;
                }
                field(blocked; Rec.Blocked)
                {
                    Caption = 'Blocked', Locked = true;
                }
                field(privacyBlocked; Rec."Privacy Blocked")
                {
                    Caption = 'Privacy blocked', Locked = true;
                    Editable = false;
                }
                field(jobTitle; Rec."Job Title")
                {
                    Caption = 'Job title', Locked = true;
                    Editable = false;
                }
                field(address; Rec.Address)
                {
                    Caption = 'Address', Locked = true;
                    Editable = false;
                }
                field(address2; Rec."Address 2")
                {
                    Caption = 'Address2', Locked = true;
                    Editable = false;
                }
                field(city; Rec.City)
                {
                    Caption = 'City', Locked = true;
                    Editable = false;
                }
                field(county; Rec.County)
                {
                    Caption = 'County', Locked = true;
                    Editable = false;
                }
                field(postCode; Rec."Post Code")
                {
                    Caption = 'Post code', Locked = true;
                    Editable = false;
                }
                field(countryRegionCode; Rec."Country/Region Code")
                {
                    Caption = 'Country region code', Locked = true;
                    Editable = false;
                }
                field(genProdPostingGroup; Rec."Gen. Prod. Posting Group")
                {
                    Caption = 'Gen prod posting group', Locked = true;
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

    trigger OnModifyRecord(): Boolean
    var
        Stored: Record Resource;
    begin
        Stored.GetBySystemId(Rec.SystemId);
        Rec.TestField("No.", Stored."No.");
        Rec.TestField(Type, Stored.Type);
        Rec.TestField("Base Unit of Measure", Stored."Base Unit of Measure");
        Rec.TestField("Direct Unit Cost", Stored."Direct Unit Cost");
        Rec.TestField("Unit Cost", Stored."Unit Cost");
        Rec.TestField("Unit Price", Stored."Unit Price");
        Rec.TestField("Vendor No.", Stored."Vendor No.");
        exit(true);
    end;
}
