page 50308 "OS ItemUnitsOfMeasure"
{
    PageType = API;
    Caption = 'Item units of measure', Locked = true;
    APIPublisher = 'openSync';
    APIGroup = 'salesIntegration';
    APIVersion = 'v1.0';
    EntityName = 'itemUnitOfMeasure';
    EntitySetName = 'itemUnitsOfMeasure';
    SourceTable = "Item Unit of Measure";
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
                field(itemNumber; Rec."Item No.")
                {
                    Caption = 'Item number', Locked = true;
                    Editable = false;
                }
                field("code"; Rec.Code)
                {
                    Caption = 'Code', Locked = true;
                    Editable = false;
                }
                field(quantityPerUnitOfMeasure; Rec."Qty. per Unit of Measure")
                {
                    Caption = 'Quantity per unit of measure', Locked = true;
                    Editable = false;
                }
                field(length; Rec.Length)
                {
                    Caption = 'Length', Locked = true;
                    Editable = false;
                }
                field(width; Rec.Width)
                {
                    Caption = 'Width', Locked = true;
                    Editable = false;
                }
                field(height; Rec.Height)
                {
                    Caption = 'Height', Locked = true;
                    Editable = false;
                }
                field(cubage; Rec.Cubage)
                {
                    Caption = 'Cubage', Locked = true;
                    Editable = false;
                }
                field(weight; Rec.Weight)
                {
                    Caption = 'Weight', Locked = true;
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
