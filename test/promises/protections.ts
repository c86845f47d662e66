/** Every protection, by promise; `npm run promises` takes each away in turn. */
import { accidentProtections } from './protections/accidents.ts';
import { couplingProtections } from './protections/couplings.ts';
import { createProtections } from './protections/creates.ts';
import { documentProtections } from './protections/documents.ts';
import { effortProtections } from './protections/effort.ts';
import { mergeProtections } from './protections/merge.ts';
import { outcomeProtections } from './protections/outcomes.ts';
import { updateProtections } from './protections/updates.ts';
import { watermarkProtections } from './protections/watermarks.ts';

export const protections = [
  ...updateProtections,
  ...createProtections,
  ...mergeProtections,
  ...outcomeProtections,
  ...watermarkProtections,
  ...couplingProtections,
  ...accidentProtections,
  ...documentProtections,
  ...effortProtections,
];
