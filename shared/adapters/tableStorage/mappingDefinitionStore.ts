/** Definitions of mappings over one table: one partition for all, row = kind and name, so that one request reads them. */
import { z } from 'zod';
import { mappingName } from '../../domain/common/ids.ts';
import {
  type DefinitionKind,
  definitionKinds,
  type MappingDefinitionStore,
  type StoredDefinition,
} from '../../ports/mappingStore.ts';
import { joinedText, json, readRow, textParts } from './columns.ts';
import type { EntityTable, StoredRow } from './entityTable.ts';
import { encodeKey } from './keys.ts';
import { replaceVersion, writeWherePossible } from './lookups.ts';

/** No mapping has a name that begins with a tilde, so no state shares the partition. */
const partition = '~definitions';

const rowSchema = z.object({
  kind: z.enum(definitionKinds),
  mapping: z.string().transform(mappingName),
  definition: json(z.unknown()),
});

/** Definitions in `table`; a version is the row's ETag. */
export function mappingDefinitionStore(table: EntityTable): MappingDefinitionStore {
  return {
    async listDefinitions() {
      const { rows } = await table.query({ partition });
      return rows.map((row) => storedDefinition(table.name, row));
    },
    saveDefinition({ kind, mapping, definition }, version) {
      const parts = textParts('definition', asciiJson(definition));
      const properties = { kind, mapping, ...parts };
      return replaceVersion(table, partition, rowKey(kind, mapping), properties, version);
    },
    removeDefinition: (kind, mapping) =>
      writeWherePossible(table, partition, [{ kind: 'delete', row: rowKey(kind, mapping) }]),
  };
}

function rowKey(kind: DefinitionKind, mapping: string): string {
  return `${kind}|${encodeKey(mapping)}`;
}

/** JSON without characters beyond ASCII: a part may end anywhere without cutting a character in two. */
function asciiJson(definition: unknown): string {
  return JSON.stringify(definition).replaceAll(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function storedDefinition(table: string, row: StoredRow): StoredDefinition {
  const definition = joinedText('definition', row.properties) ?? undefined;
  const read = readRow(table, row, rowSchema, { ...row.properties, definition });
  return { ...read, version: row.version };
}
