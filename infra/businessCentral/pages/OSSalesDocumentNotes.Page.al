page 50322 "OS SalesDocumentNotes"
{
    PageType = API;
    Caption = 'Sales document notes', Locked = true;
    APIPublisher = 'openSync';
    APIGroup = 'salesIntegration';
    APIVersion = 'v1.0';
    EntityName = 'salesDocumentNote';
    EntitySetName = 'salesDocumentNotes';
    SourceTable = "OS SalesDocumentNote";
    SourceTableTemporary = true;
    ODataKeyFields = Id;
    DelayedInsert = true;
    Extensible = false;
    InsertAllowed = true;
    ModifyAllowed = true;
    DeleteAllowed = true;

    layout
    {
        area(Content)
        {
            repeater(Records)
            {
                field(id; Rec.Id)
                {
                    Caption = 'Id', Locked = true;
                }
                field(documentId; Rec."Document Id")
                {
                    Caption = 'Document id', Locked = true;
                }
                field(documentType; Rec."Document Type")
                {
                    Caption = 'Document type', Locked = true;
                    Editable = false;
                }
                field(documentNumber; Rec."Document No.")
                {
                    Caption = 'Document number', Locked = true;
                    Editable = false;
                }
                field(description; Rec.Description)
                {
                    Caption = 'Description', Locked = true;
                }
                field(noteText; NoteText)
                {
                    Caption = 'Note text', Locked = true;
                }
                field(createdAt; Rec."Created At")
                {
                    Caption = 'Created at', Locked = true;
                }
                field(createdBy; Rec."Created By")
                {
                    Caption = 'Created by', Locked = true;
                    Editable = false;
                }
                field(lastModifiedDateTime; Rec."Modified At")
                {
                    Caption = 'Last modified date time', Locked = true;
                    Editable = false;
                }
            }
        }
    }

    trigger OnFindRecord(Which: Text): Boolean
    begin
        if not AreGathered then
            GatherNotes();
        exit(Rec.Find(Which));
    end;

    trigger OnAfterGetRecord()
    var
        RecordLink: Record "Record Link";
    begin
        NoteText := '';
        if not RecordLink.Get(Rec."Link Id") then
            exit;
        RecordLink.CalcFields(Note);
        NoteText := RecordLinkManagement.ReadNote(RecordLink);
    end;

    trigger OnInsertRecord(BelowxRec: Boolean): Boolean
    var
        RecordLink: Record "Record Link";
        SalesHeader: Record "Sales Header";
    begin
        FilterDocuments(SalesHeader);
        SalesHeader.SetRange(SystemId, Rec."Document Id");
        if not SalesHeader.FindFirst() then
            Error(DocumentMissingErr, Rec."Document Id");
        RecordLink."Record ID" := SalesHeader.RecordId();
        RecordLink.Type := RecordLink.Type::Note;
        RecordLink.Company := CopyStr(CompanyName(), 1, MaxStrLen(RecordLink.Company));
        RecordLink."User ID" := CopyStr(UserId(), 1, MaxStrLen(RecordLink."User ID"));
        RecordLink.Description := Rec.Description;
        RecordLink.Created := Rec."Created At";
        if RecordLink.Created = 0DT then
            RecordLink.Created := CurrentDateTime();
        RecordLinkManagement.WriteNote(RecordLink, NoteText);
        if IsNullGuid(Rec.Id) then
            RecordLink.Insert(true)
        else begin
            // The caller chooses the id, so that a repeated creation is refused instead of making a second note.
            RecordLink.SystemId := Rec.Id;
            RecordLink.Insert(true, true);
        end;
        Take(Rec, RecordLink, SalesHeader);
        exit(true);
    end;

    trigger OnModifyRecord(): Boolean
    var
        RecordLink: Record "Record Link";
    begin
        RecordLink.Get(Rec."Link Id");
        RecordLink.Description := Rec.Description;
        RecordLinkManagement.WriteNote(RecordLink, NoteText);
        RecordLink.Modify(true);
        Rec."Modified At" := RecordLink.SystemModifiedAt;
        exit(true);
    end;

    trigger OnDeleteRecord(): Boolean
    var
        RecordLink: Record "Record Link";
    begin
        RecordLink.Get(Rec."Link Id");
        RecordLink.Delete(true);
        exit(true);
    end;

    /// <summary>Notes of the documents that the filter names; without such a filter those that its id or time lets through.</summary>
    local procedure GatherNotes()
    var
        RecordLink: Record "Record Link";
        SalesHeader: Record "Sales Header";
    begin
        AreGathered := true;
        FilterLinks(RecordLink);
        if Rec.GetFilter("Document Id") = '' then begin
            Rec.CopyFilter(Id, RecordLink.SystemId);
            Rec.CopyFilter("Modified At", RecordLink.SystemModifiedAt);
            GatherLinks(RecordLink);
            exit;
        end;
        FilterDocuments(SalesHeader);
        Rec.CopyFilter("Document Id", SalesHeader.SystemId);
        if SalesHeader.FindSet() then
            repeat
                RecordLink.SetRange("Record ID", SalesHeader.RecordId());
                GatherLinks(RecordLink);
            until SalesHeader.Next() = 0;
    end;

    /// <summary>The records share the memory of the page, but not its filters and its position.</summary>
    local procedure GatherLinks(var RecordLink: Record "Record Link")
    var
        Notes: Record "OS SalesDocumentNote" temporary;
        SalesHeader: Record "Sales Header";
    begin
        Notes.Copy(Rec, true);
        Notes.Reset();
        RecordLink.ReadIsolation := IsolationLevel::ReadCommitted;
        if RecordLink.FindSet() then
            repeat
                if FindDocument(RecordLink, SalesHeader) then begin
                    Take(Notes, RecordLink, SalesHeader);
                    if Notes.Insert() then;
                end;
            until RecordLink.Next() = 0;
    end;

    local procedure FilterLinks(var RecordLink: Record "Record Link")
    begin
        RecordLink.SetRange(Type, RecordLink.Type::Note);
        RecordLink.SetRange(Company, CompanyName());
    end;

    local procedure FilterDocuments(var SalesHeader: Record "Sales Header")
    begin
        SalesHeader.SetFilter("Document Type", '%1|%2', SalesHeader."Document Type"::Order, SalesHeader."Document Type"::Quote);
    end;

    local procedure FindDocument(RecordLink: Record "Record Link"; var SalesHeader: Record "Sales Header"): Boolean
    begin
        if RecordLink."Record ID".TableNo() <> Database::"Sales Header" then
            exit(false);
        if not SalesHeader.Get(RecordLink."Record ID") then
            exit(false);
        exit(SalesHeader."Document Type" in [SalesHeader."Document Type"::Order, SalesHeader."Document Type"::Quote]);
    end;

    local procedure Take(var Note: Record "OS SalesDocumentNote"; RecordLink: Record "Record Link"; SalesHeader: Record "Sales Header")
    begin
        Note.Id := RecordLink.SystemId;
        Note."Document Id" := SalesHeader.SystemId;
        Note."Document Type" := SalesHeader."Document Type";
        Note."Document No." := SalesHeader."No.";
        Note.Description := RecordLink.Description;
        Note."Created At" := RecordLink.Created;
        Note."Created By" := CopyStr(RecordLink."User ID", 1, MaxStrLen(Note."Created By"));
        Note."Modified At" := RecordLink.SystemModifiedAt;
        Note."Link Id" := RecordLink."Link ID";
    end;

    var
        RecordLinkManagement: Codeunit "Record Link Management";
        NoteText: Text;
        AreGathered: Boolean;
        DocumentMissingErr: Label 'There is no sales order or quote with the id %1.', Locked = true;
}
