/**
 * The page of notes on sales orders and quotes. Notes are record links, which name their record by a value that no filter of
 * the API takes; so the page gathers them into a temporary table that has the id of the document.
 */

/** What a page over a temporary table consists of beside its controls. */
export interface GatheredSource {
  /** Fields and keys of the temporary table. */
  readonly tableText: string;
  /** Triggers, procedures and variables of the page; the values of computed properties are variables, too. */
  readonly pageText: string;
  /** Rights by table that the procedures need: R read, I insert, M modify, D delete. */
  readonly rights: Readonly<Record<string, string>>;
  readonly codeunits: readonly string[];
}

const tableText = `    fields
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
`;

const pageText = `    trigger OnFindRecord(Which: Text): Boolean
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
`;

/** Where the page of notes gets its records. */
export const documentNotes: { readonly table: string; readonly gathered: GatheredSource } = {
  table: 'OS SalesDocumentNote',
  gathered: {
    tableText,
    pageText,
    rights: { 'Record Link': 'RIMD', 'Sales Header': 'R' },
    codeunits: ['Record Link Management'],
  },
};
