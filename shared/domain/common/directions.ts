/** The two sides, and the directions data can travel between them. */

/** `businessCentral` is the ERP, `dataverse` the CRM. */
export const sides = ['businessCentral', 'dataverse'] as const;
export type Side = (typeof sides)[number];

/** The direction of one pass; a bidirectional run makes both, in this order (E-10). */
export const passDirections = ['toDataverse', 'toBusinessCentral'] as const;
export type PassDirection = (typeof passDirections)[number];

/** The direction of a table mapping or field mapping. */
export const mappingDirections = ['both', 'toDataverse', 'toBusinessCentral'] as const;
export type MappingDirection = (typeof mappingDirections)[number];

/** Whether a mapping of this direction takes part in the pass. */
export function covers(direction: MappingDirection, pass: PassDirection): boolean {
  return direction === 'both' || direction === pass;
}

/** The passes of a mapping in run order: Business Central to Dataverse first (E-10). */
export function passesOf(direction: MappingDirection): readonly PassDirection[] {
  return passDirections.filter((pass) => covers(direction, pass));
}

/** The side a pass reads its candidates from. */
export function sourceSide(pass: PassDirection): Side {
  return pass === 'toDataverse' ? 'businessCentral' : 'dataverse';
}

/** The side a pass writes to. */
export function targetSide(pass: PassDirection): Side {
  return pass === 'toDataverse' ? 'dataverse' : 'businessCentral';
}
