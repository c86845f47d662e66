/** Turns SIGINT and SIGTERM into a wish to stop, and a second one into an immediate end. */

type StopSignal = 'SIGINT' | 'SIGTERM';

/** The part of `process` this needs. */
export interface SignalSource {
  on(name: StopSignal, listener: () => void): unknown;
}

/**
 * Ctrl-C reaches the whole process group, and npm passes on what it got as well: one key press arrives twice within
 * moments. Only a signal after this time is the user insisting.
 */
const sameKeyPressMs = 1000;

const exitCodes: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143 };

export interface StopSignalsOptions {
  readonly source: SignalSource;
  /** A clock that only measures spans, milliseconds. */
  readonly elapsedMs: () => number;
  /** Called once, at the first signal. */
  readonly onStop: () => void;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
}

/** Listens for signals for as long as the source lives. */
export function listenForStop({ source, elapsedMs, onStop, exit }: StopSignalsOptions): void {
  let firstAtMs: number | null = null;
  const listenerOf = (name: StopSignal) => () => {
    if (firstAtMs === null) {
      firstAtMs = elapsedMs();
      onStop();
    } else if (elapsedMs() - firstAtMs >= sameKeyPressMs) exit(exitCodes[name]);
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) source.on(name, listenerOf(name));
}
