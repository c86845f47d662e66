/** No crash of a first synchronisation loses, doubles or forgets anything (P1 to P8). */
import { checkCrashes } from './crashChecks.ts';
import { firstSynchronisation } from './scenario.ts';

checkCrashes(firstSynchronisation, 'port');
checkCrashes(firstSynchronisation, 'wire');
