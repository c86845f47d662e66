/** The port to the folder of mapping files (setting MAPPINGS_DIR). */

/** One file as it stands; its text is checked by whoever reads it. */
export interface MappingFileText {
  /** Name within the folder, for messages. */
  readonly file: string;
  readonly text: string;
}

/** What was found in the folder. */
export interface MappingFolder {
  readonly files: readonly MappingFileText[];
  /** Files that could not be read, and the folder itself under the name `.` when it could not. */
  readonly unreadable: readonly { readonly file: string; readonly message: string }[];
}

export interface MappingFiles {
  /** Every `*.json` of the folder, by name; nothing without a folder. Does not raise for what cannot be read. */
  read(): Promise<MappingFolder>;
}
