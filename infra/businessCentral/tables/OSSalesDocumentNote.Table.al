table 50323 "OS SalesDocumentNote"
{
    Caption = 'Sales document note', Locked = true;
    DataClassification = SystemMetadata;
    TableType = Temporary;

    fields
    {
        field(1; Id; Guid)
        {
            Caption = 'Id', Locked = true;
        }
        field(2; "Document Id"; Guid)
        {
            Caption = 'Document id', Locked = true;
        }
        field(3; "Document Type"; Enum "Sales Document Type")
        {
            Caption = 'Document type', Locked = true;
        }
        field(4; "Document No."; Code[20])
        {
            Caption = 'Document number', Locked = true;
        }
        field(5; Description; Text[250])
        {
            Caption = 'Description', Locked = true;
        }
        field(6; "Created At"; DateTime)
        {
            Caption = 'Created at', Locked = true;
        }
        field(7; "Created By"; Text[132])
        {
            Caption = 'Created by', Locked = true;
        }
        field(8; "Modified At"; DateTime)
        {
            Caption = 'Modified at', Locked = true;
        }
        field(9; "Link Id"; Integer)
        {
            Caption = 'Link id', Locked = true;
        }
    }

    keys
    {
        key(PrimaryKey; Id)
        {
            Clustered = true;
        }
        key(Modified; "Modified At")
        {
        }
    }
}
