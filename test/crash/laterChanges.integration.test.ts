/** No crash of a timer run loses, doubles or forgets anything (P1 to P8). */
import { checkCrashes } from './crashChecks.ts';
import { laterChanges } from './scenario.ts';

checkCrashes(laterChanges, 'port');
checkCrashes(laterChanges, 'wire');
