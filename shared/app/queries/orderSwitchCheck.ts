/** Whether Sales lets its users submit orders, as the setting ORDER_INTEGRATION expects (documents D-3, D-4, D-9). */
import type { SyncPorts } from '../syncPorts.ts';
import type { CheckAnswer } from './connectionReport.ts';

const table = 'organization';
/** Shows the submit command of orders and closes submitted ones for editing. */
const column = 'issopintegrationenabled';

/** The switch belongs to the organisation; it is told of and never changed. Raises what the service refuses. */
export async function orderSwitchAnswer({ dataverse, policy }: SyncPorts): Promise<CheckAnswer<boolean>> {
  const isWanted = policy.documents.orderIntegration !== 'off';
  const isOn = await readSwitch(dataverse);
  if (isOn === null)
    return { value: false, message: 'This organisation does not tell whether orders can be submitted.' };
  if (isOn === isWanted) {
    const message = isOn
      ? 'Users of Sales can submit orders to Business Central.'
      : 'Orders are not integrated, and users of Sales cannot submit any.';
    return { value: true, message };
  }
  return isWanted ? nobodySubmits : nobodyListens;
}

const nobodySubmits: CheckAnswer<boolean> = {
  value: false,
  outcome: 'failed',
  message: 'Orders are integrated, but sales order integration is off in Sales: no order can be submitted.',
  whatToDo: `Install the integration solution and set ${column} of the organization to true (docs/install.md).`,
};

const nobodyListens: CheckAnswer<boolean> = {
  value: false,
  outcome: 'warning',
  message: 'Users of Sales can submit orders, but ORDER_INTEGRATION is off: nothing happens to them.',
  whatToDo:
    'Set ORDER_INTEGRATION, or switch sales order integration off in Sales when no order is submitted.',
};

async function readSwitch(dataverse: SyncPorts['dataverse']): Promise<boolean | null> {
  const { attributes } = await dataverse.table(table);
  if (attributes[column] === undefined) return null;
  const [row] = await dataverse.readRows({ table, attributes: [column] }, null);
  return row === undefined ? null : row.values[column] === true;
}
