/** The gate all requests of one identity pass: shut while the service asked to wait (P10). */

/** Time as the transport sees it. */
export interface GateTime {
  now(): number;
  sleep(ms: number): Promise<void>;
}

export interface Gate {
  /** Keeps the gate shut until then; an earlier time than the present one changes nothing. */
  holdUntil(epochMs: number): void;
  /** Milliseconds until it opens; 0 when open. */
  remainingMs(): number;
  /** Resolves when open, however often it was shut again in between. `onWait` sees each wait and may raise. */
  pass(onWait: (remainingMs: number) => void): Promise<void>;
}

/** A gate that stands open. */
export function createGate(time: GateTime): Gate {
  let opensAt = 0;
  const remainingMs = (): number => Math.max(0, opensAt - time.now());
  return {
    holdUntil: (epochMs) => {
      opensAt = Math.max(opensAt, epochMs);
    },
    remainingMs,
    pass: async (onWait) => {
      for (let waitMs = remainingMs(); waitMs > 0; waitMs = remainingMs()) {
        onWait(waitMs);
        await time.sleep(waitMs);
      }
    },
  };
}
