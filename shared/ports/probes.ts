/** The port to harmless questions about what the app stands on, for tests of the connection. */

/** What an address answered to a handshake. */
export interface EchoAnswer {
  /** The text answered, null when nothing was. */
  readonly text: string | null;
  /** Why nothing was answered, or with which status; empty when the answer was 200. */
  readonly problem: string;
}

export interface Probes {
  /** Asks an address to echo a token, as Business Central does before it subscribes (business-central-api 7.1). Never raises. */
  echo(address: string, token: string): Promise<EchoAnswer>;
  /** Whether messages could be put on the run queue; sends none. Raises SyncFailure. */
  runQueue(): Promise<void>;
}
