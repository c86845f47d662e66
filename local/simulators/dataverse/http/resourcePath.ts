/** Takes the address of a resource apart: `accounts(<guid>)/primarycontactid/$ref`. Not simulated: alternate keys. */
import { badQuery } from '../errors.ts';
import { splitTopLevel } from '../query/splitTopLevel.ts';
import type { Table } from '../schema/schema.ts';

/** One part of an address between slashes. */
export interface Segment {
  readonly name: string;
  /** The text inside the brackets; null without brackets. */
  readonly key: string | null;
}

/** The segments of a decoded path. Raises 400 for a segment that makes no sense. */
export function parseSegments(path: string): readonly Segment[] {
  return splitTopLevel(path, '/')
    .filter((text) => text !== '')
    .map((text) => {
      const match = /^([\w.$]+)(?:\((.*)\))?$/s.exec(text);
      if (!match?.[1]) throw badQuery(`Bad Request - Error in query syntax at '${text}'.`);
      return { name: match[1], key: match[2] ?? null };
    });
}

const guidPattern = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
/** Principals are not addressed by a named key (dataverse-web-api section 8). */
const principals: readonly string[] = ['systemuser', 'team'];

/** The row id in a key. Raises 400 for anything but the primary key: no alternate keys are defined. */
export function idInKey(table: Table, key: string): string {
  const named = /^(\w+)\s*=\s*(.*)$/s.exec(key);
  const nameFits = !named || (named[1] === table.primaryId && !principals.includes(table.logicalName));
  const value = (named ? (named[2] ?? '') : key).trim();
  if (!nameFits || !guidPattern.test(value)) {
    throw badQuery(
      `The key '${key}' is neither the primary key nor a defined alternate key of '${table.logicalName}'.`,
    );
  }
  return value.toLowerCase();
}
