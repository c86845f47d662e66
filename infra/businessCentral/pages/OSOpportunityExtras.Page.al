page 50309 "OS OpportunityExtras"
{
    PageType = API;
    Caption = 'Opportunity extras', Locked = true;
    APIPublisher = 'openSync';
    APIGroup = 'salesIntegration';
    APIVersion = 'v1.0';
    EntityName = 'opportunityExtra';
    EntitySetName = 'opportunityExtras';
    SourceTable = Opportunity;
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
                field(description; Rec.Description)
                {
                    Caption = 'Description', Locked = true;
                    Editable = false;
                }
                field(contactNumber; Rec."Contact No.")
                {
                    Caption = 'Contact number', Locked = true;
                    Editable = false;
                }
                field(contactCompanyNumber; Rec."Contact Company No.")
                {
                    Caption = 'Contact company number', Locked = true;
                    Editable = false;
                }
                field(salespersonCode; Rec."Salesperson Code")
                {
                    Caption = 'Salesperson code', Locked = true;
                    Editable = false;
                }
                field(salesCycleCode; Rec."Sales Cycle Code")
                {
                    Caption = 'Sales cycle code', Locked = true;
                    Editable = false;
                }
                field(campaignNumber; Rec."Campaign No.")
                {
                    Caption = 'Campaign number', Locked = true;
                    Editable = false;
                }
                field(status; Rec.Status)
                {
                    Caption = 'Status', Locked = true;
                    Editable = false;
                }
                field(priority; Rec.Priority)
                {
                    Caption = 'Priority', Locked = true;
                    Editable = false;
                }
                field(closed; Rec.Closed)
                {
                    Caption = 'Closed', Locked = true;
                    Editable = false;
                }
                field(creationDate; Rec."Creation Date")
                {
                    Caption = 'Creation date', Locked = true;
                    Editable = false;
                }
                field(dateClosed; Rec."Date Closed")
                {
                    Caption = 'Date closed', Locked = true;
                    Editable = false;
                }
                field(salesDocumentType; Rec."Sales Document Type")
                {
                    Caption = 'Sales document type', Locked = true;
                    Editable = false;
                }
                field(salesDocumentNumber; Rec."Sales Document No.")
                {
                    Caption = 'Sales document number', Locked = true;
                    Editable = false;
                }
                field(currentSalesCycleStage; Rec."Current Sales Cycle Stage")
                {
                    Caption = 'Current sales cycle stage', Locked = true;
                    Editable = false;
                }
                field(estimatedValueLcy; Rec."Estimated Value (LCY)")
                {
                    Caption = 'Estimated value lcy', Locked = true;
                    Editable = false;
                }
                field(probabilityPercent; Rec."Probability %")
                {
                    Caption = 'Probability percent', Locked = true;
                    Editable = false;
                }
                field(calculatedCurrentValueLcy; Rec."Calcd. Current Value (LCY)")
                {
                    Caption = 'Calculated current value lcy', Locked = true;
                    Editable = false;
                }
                field(chancesOfSuccessPercent; Rec."Chances of Success %")
                {
                    Caption = 'Chances of success percent', Locked = true;
                    Editable = false;
                }
                field(completedPercent; Rec."Completed %")
                {
                    Caption = 'Completed percent', Locked = true;
                    Editable = false;
                }
                field(estimatedClosingDate; Rec."Estimated Closing Date")
                {
                    Caption = 'Estimated closing date', Locked = true;
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
