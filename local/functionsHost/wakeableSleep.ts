/** A pause that another part of the program can cut short. */

/** One sleeper; a wake-up that comes while nobody sleeps is kept for the next wait. */
export interface WakeableSleep {
  /** Resolves after the time with false, or at the wake-up with true. */
  wait(milliseconds: number): Promise<boolean>;
  wake(): void;
}

/** Creates a sleeper for one waiter at a time. */
export function createWakeableSleep(): WakeableSleep {
  let wakeSleeper: (() => void) | undefined;
  let isWakeKept = false;
  const wait = (milliseconds: number): Promise<boolean> => {
    if (isWakeKept) {
      isWakeKept = false;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const end = (wasWoken: boolean): void => {
        clearTimeout(timer);
        wakeSleeper = undefined;
        resolve(wasWoken);
      };
      const timer = setTimeout(() => end(false), milliseconds);
      wakeSleeper = () => end(true);
    });
  };
  const wake = (): void => {
    if (wakeSleeper) wakeSleeper();
    else isWakeKept = true;
  };
  return { wait, wake };
}
