/** No crash between or within the slices of a long run loses, doubles or forgets anything (P1 to P8). */
import { checkCrashes } from './crashChecks.ts';
import { slicedSynchronisation } from './scenario.ts';

// Every slice repeats the calls of the others, so a sample stands for them.
checkCrashes(slicedSynchronisation, 'port', () => false);
