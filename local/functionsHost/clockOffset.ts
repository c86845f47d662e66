/** Tells the app, which runs in this process, how far the host's clock is ahead of the real one. */

/** Milliseconds an app adds to the real time; set by the local host only. */
export const clockOffsetVariable = 'LOCAL_CLOCK_OFFSET_MS';

/** Publishes the offset in the environments given; `restore` puts back what was there before. */
export function publishClockOffset(environments: readonly NodeJS.ProcessEnv[]): {
  set(offsetMs: number): void;
  restore(): void;
} {
  const before = environments.map((environment) => environment[clockOffsetVariable]);
  return {
    set: (offsetMs) => {
      for (const environment of environments) environment[clockOffsetVariable] = String(offsetMs);
    },
    restore: () => {
      environments.forEach((environment, index) => {
        const value = before[index];
        if (value === undefined) delete environment[clockOffsetVariable];
        else environment[clockOffsetVariable] = value;
      });
    },
  };
}
