page 50302 "OS ContactExtras"
{
    PageType = API;
    Caption = 'Contact extras', Locked = true;
    APIPublisher = 'openSync';
    APIGroup = 'salesIntegration';
    APIVersion = 'v1.0';
    EntityName = 'contactExtra';
    EntitySetName = 'contactExtras';
    SourceTable = Contact;
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
                field(type; Rec.Type)
                {
                    Caption = 'Type', Locked = true;
                    Editable = false;
                }
                field(firstName; Rec."First Name")
                {
                    Caption = 'First name', Locked = true;
                }
                field(middleName; Rec."Middle Name")
                {
                    Caption = 'Middle name', Locked = true;
                }
                field(surname; Rec.Surname)
                {
                    Caption = 'Surname', Locked = true;
                }
                field(faxNumber; Rec."Fax No.")
                {
                    Caption = 'Fax number', Locked = true;
                }
                field(pager; Rec.Pager)
                {
                    Caption = 'Pager', Locked = true;
                }
                field(salespersonCode; Rec."Salesperson Code")
                {
                    Caption = 'Salesperson code', Locked = true;
                }
                field(currencyCode; Rec."Currency Code")
                {
                    Caption = 'Currency code', Locked = true;
                }
                field(languageCode; Rec."Language Code")
                {
                    Caption = 'Language code', Locked = true;
                }
                field(territoryCode; Rec."Territory Code")
                {
                    Caption = 'Territory code', Locked = true;
                    Editable = false;
                }
                field(salutationCode; Rec."Salutation Code")
                {
                    Caption = 'Salutation code', Locked = true;
                }
                field(organizationalLevelCode; Rec."Organizational Level Code")
                {
                    Caption = 'Organizational level code', Locked = true;
                    Editable = false;
                }
                field(companyNumber; Rec."Company No.")
                {
                    Caption = 'Company number', Locked = true;
                    Editable = false;
                }
                field(customerNumber; CustomerNumber)
                {
                    Caption = 'Customer number', Locked = true;
                    Editable = false;
                }
                field(customerId; CustomerId)
                {
                    Caption = 'Customer id', Locked = true;
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
        LoadCustomer();
    end;

    local procedure LoadCustomer()
    var
        BusinessRelation: Record "Contact Business Relation";
        Customer: Record Customer;
    begin
        Clear(CustomerId);
        CustomerNumber := '';
        BusinessRelation.SetRange("Contact No.", Rec."Company No.");
        BusinessRelation.SetRange("Link to Table", BusinessRelation."Link to Table"::Customer);
        if not BusinessRelation.FindFirst() then
            exit;
        CustomerNumber := BusinessRelation."No.";
        if Customer.Get(CustomerNumber) then
            CustomerId := Customer.SystemId;
    end;

    var
        CustomerNumber: Code[20];
        CustomerId: Guid;
}
