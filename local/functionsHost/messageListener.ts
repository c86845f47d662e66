/** What the host asks of a trigger that is fed by messages, whichever service they come from. */

/** Receives messages and runs a function for each of them. */
export interface MessageListener {
  /** Looks for messages at once instead of at the next interval. */
  poke(): void;
  /** True while a message is being received or its function has not ended. */
  isBusy(): boolean;
  /** True when a message waits for a function now; one that is due later does not count. */
  hasWaiting(): Promise<boolean>;
  /** Receives no more. Functions under way go on. Safe to call twice. */
  stop(): Promise<void>;
}
