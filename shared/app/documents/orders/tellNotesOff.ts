/** Notes of orders cannot be copied: Business Central has no page for them (D-106). */
import type { Log } from '../../../ports/system.ts';

const told = new WeakSet<Log>();

/** Says so once per start. */
export function tellNotesOff(log: Log): void {
  if (told.has(log)) return;
  told.add(log);
  log('information', 'order-notes-off', { reason: 'There is no page for notes of orders.' });
}
