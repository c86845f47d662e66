/** No crash of an administrator's action loses, doubles or forgets anything (P1 to P8). */
import { checkCrashes } from './crashChecks.ts';
import { matchedAgain, repointedCoupling } from './scenario.ts';

checkCrashes(matchedAgain, 'port');
// Few calls, each like one of the others: a sample stands for them.
checkCrashes(repointedCoupling, 'port', () => false);
