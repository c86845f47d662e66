/** The form all option mappings share: codes of a small table travel as captions of an option column (E-80, E-82). */
import { type MappingDirection, type PassDirection, passDirections } from '../common/directions.ts';
import { SyncFailure } from '../common/failures.ts';
import { mappingName } from '../common/ids.ts';
import { column, pair, property } from './fieldBuilders.ts';
import type { BusinessCentralTable, OptionColumn, TableMapping } from './model.ts';

/** A code of Business Central's option tables. */
const codeLength = 10;
/** A caption as Dataverse stores it. */
const captionLength = 200;

/** The key under which an option's caption, as it is written in Dataverse, stands in the row made of the option. */
export const captionAttribute = 'caption';

/** What differs between option mappings. */
export interface OptionMappingParts {
  readonly name: string;
  readonly order: number;
  readonly businessCentral: Pick<BusinessCentralTable, 'table' | 'entitySet' | 'route' | 'nameProperty'>;
  /** The option column of account that decides about pairs. */
  readonly accountColumn: string;
  /** Columns of the sales documents that hold the same options under the same numbers. */
  readonly relatedColumns: readonly OptionColumn[];
}

/**
 * An option mapping with the usual settings: to Dataverse, only coupled, no conflict rules. The table is small and read
 * whole, and a code that equals a caption, whatever the case, is its counterpart (E-122).
 */
export function optionMapping(parts: OptionMappingParts): TableMapping {
  const { accountColumn } = parts;
  return {
    name: mappingName(parts.name),
    kind: 'option',
    description: `${parts.name} - Dynamics 365 Sales synchronization job`,
    enabled: true,
    order: parts.order,
    dependsOn: [],
    businessCentral: {
      ...parts.businessCentral,
      companions: [],
      filter: null,
      keyProperty: 'code',
      reading: 'whole',
      extraFields: [],
    },
    dataverse: {
      table: 'account',
      entitySet: 'accounts',
      idAttribute: accountColumn,
      nameAttribute: captionAttribute,
      filter: null,
      extraAttributes: [],
      relatedOptionColumns: parts.relatedColumns,
    },
    direction: 'toDataverse',
    syncOnlyCoupled: true,
    updateConflict: 'none',
    conflictDetection: 'field',
    deletionConflict: 'none',
    eventDrivenRescheduling: true,
    fields: [
      pair(
        property('code', 'code', codeLength),
        column(accountColumn, 'string', { maxLength: captionLength }),
        { direction: 'toDataverse', match: { priority: 0, caseSensitive: false } },
      ),
    ],
    templates: [],
    rule: null,
    job: { frequencyMinutes: 30, inactivityTimeoutMinutes: 1440, category: 'BCI OPTION' },
  };
}

function isPassDirection(direction: MappingDirection): direction is PassDirection {
  return passDirections.some((pass) => pass === direction);
}

/**
 * The option mapping with its fields in the mapping's own direction: changing the one changes the other. Table
 * mappings stay as they are. Raises SyncFailure `option-not-bidirectional` (E-82).
 */
export function withOwnDirection(mapping: TableMapping): TableMapping {
  if (mapping.kind !== 'option') return mapping;
  const { direction } = mapping;
  if (!isPassDirection(direction)) {
    throw new SyncFailure({
      kind: 'config',
      code: 'option-not-bidirectional',
      message: `The option mapping ${mapping.name} is set to both directions.`,
      suggestion: 'Choose one direction for the mapping: options travel one way only.',
    });
  }
  return { ...mapping, fields: mapping.fields.map((field) => ({ ...field, direction })) };
}
