/** The entity rule of SALESORDER-ORDER: which orders take part (D-72, D-81). */

import type { PassDirection } from '../../common/directions.ts';
import type { BusinessCentralRecord, DataverseRow } from '../../common/records.ts';
import { type EntityRule, plainRule } from '../../sync/entityRule.ts';
import { orderStatusKey } from './orderFields.ts';

/** The companion page tells Released from Pending Prepayment; without it, whatever the standard page calls Open passes (D-75). */
function isReleased(pass: PassDirection, source: BusinessCentralRecord | DataverseRow): boolean {
  if (pass === 'toBusinessCentral') return true;
  const status = source.values[orderStatusKey] ?? null;
  return status === null || status === 'Released';
}

export const salesOrderRule: EntityRule = { ...plainRule, isCandidate: isReleased };
