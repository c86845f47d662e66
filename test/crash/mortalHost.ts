/** A process that can die at a chosen call: what it sent before has happened, nothing it calls afterwards does. */

/** When to die relative to the effect of the call. */
export const moments = ['before', 'after'] as const;
export type Moment = (typeof moments)[number];

/** The n-th call of one operation, counted from 1; counting by operation keeps points stable between repetitions. */
export interface CrashPoint {
  readonly call: string;
  readonly nth: number;
  readonly moment: Moment;
}

/** Raised by every call of a dead host. */
class HostIsGone extends Error {}

export class MortalHost {
  readonly #point: CrashPoint | null;
  readonly #lastBreath: () => void;
  readonly #counts = new Map<string, number>();
  readonly #underWay = new Set<Promise<unknown>>();
  #isDead = false;

  /** Null never dies. `lastBreath` is run at the moment of death. */
  constructor(point: CrashPoint | null, lastBreath: () => void = () => undefined) {
    this.#point = point;
    this.#lastBreath = lastBreath;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Calls so far, by operation. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Carries a call out, unless this is where the host dies, or it is dead. */
  async call<Answer>(name: string, effect: () => Promise<Answer>): Promise<Answer> {
    this.#refuseIfDead();
    const nth = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, nth);
    const isLast = this.#point?.call === name && this.#point.nth === nth;
    if (isLast && this.#point?.moment === 'before') this.#die();
    this.#refuseIfDead();
    const running = effect();
    this.#underWay.add(running);
    try {
      const answer = await running;
      if (isLast) this.#die();
      this.#refuseIfDead();
      return answer;
    } finally {
      this.#underWay.delete(running);
    }
  }

  /** Waits for what was already on its way to the systems when the host died. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled([...this.#underWay]);
  }

  #die(): void {
    if (!this.#isDead) this.#lastBreath();
    this.#isDead = true;
  }

  #refuseIfDead(): void {
    if (this.#isDead) throw new HostIsGone('the host went away');
  }
}

/** The same object with every method called through the host; `metered` views are guarded, too. */
export function guarded<Port extends object>(host: MortalHost, prefix: string, port: Port): Port {
  return new Proxy(port, {
    get(target, name, receiver) {
      const original: unknown = Reflect.get(target, name, receiver);
      if (typeof original !== 'function') return original;
      if (name === 'metered') {
        return (meter: unknown) => guarded(host, prefix, Reflect.apply(original, target, [meter]) as Port);
      }
      return (...input: unknown[]) =>
        host.call(
          `${prefix}.${String(name)}`,
          () => Reflect.apply(original, target, input) as Promise<unknown>,
        );
    },
  });
}
