page 50306 "OS IntegrationSetup"
{
    PageType = API;
    Caption = 'Integration setup', Locked = true;
    APIPublisher = 'openSync';
    APIGroup = 'salesIntegration';
    APIVersion = 'v1.0';
    EntityName = 'integrationSetup';
    EntitySetName = 'integrationSetup';
    SourceTable = "Sales & Receivables Setup";
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
                field(writeInProductType; Rec."Write-in Product Type")
                {
                    Caption = 'Write in product type', Locked = true;
                    Editable = false;
                }
                field(writeInProductNumber; Rec."Write-in Product No.")
                {
                    Caption = 'Write in product number', Locked = true;
                    Editable = false;
                }
                field(freightGLAccountNumber; Rec."Freight G/L Acc. No.")
                {
                    Caption = 'Freight gLAccount number', Locked = true;
                    Editable = false;
                }
                field(defaultPriceListCode; Rec."Default Price List Code")
                {
                    Caption = 'Default price list code', Locked = true;
                    Editable = false;
                }
                field(customerBusinessRelationCode; CustomerBusinessRelationCode)
                {
                    Caption = 'Customer business relation code', Locked = true;
                    Editable = false;
                }
                field(vendorBusinessRelationCode; VendorBusinessRelationCode)
                {
                    Caption = 'Vendor business relation code', Locked = true;
                    Editable = false;
                }
                field(unitGroupMapping; UnitGroupMapping)
                {
                    Caption = 'Unit group mapping', Locked = true;
                    Editable = false;
                }
                field(extendedPricing; ExtendedPricing)
                {
                    Caption = 'Extended pricing', Locked = true;
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
        LoadBusinessRelations();
        LoadUnitGroupMapping();
        LoadExtendedPricing();
    end;

    local procedure LoadBusinessRelations()
    var
        MarketingSetup: Record "Marketing Setup";
    begin
        CustomerBusinessRelationCode := '';
        VendorBusinessRelationCode := '';
        if not MarketingSetup.Get() then
            exit;
        CustomerBusinessRelationCode := MarketingSetup."Bus. Rel. Code for Customers";
        VendorBusinessRelationCode := MarketingSetup."Bus. Rel. Code for Vendors";
    end;

    local procedure LoadUnitGroupMapping()
    var
        ConnectionSetup: Record "CRM Connection Setup";
    begin
        UnitGroupMapping := false;
        if ConnectionSetup.Get() then
            UnitGroupMapping := ConnectionSetup."Unit Group Mapping Enabled";
    end;

    local procedure LoadExtendedPricing()
    var
        PriceCalculationMgt: Codeunit "Price Calculation Mgt.";
    begin
        ExtendedPricing := PriceCalculationMgt.IsExtendedPriceCalculationEnabled();
    end;

    var
        CustomerBusinessRelationCode: Code[10];
        VendorBusinessRelationCode: Code[10];
        UnitGroupMapping: Boolean;
        ExtendedPricing: Boolean;
}
