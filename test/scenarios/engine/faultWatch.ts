/** Plans failures of the simulators, and knows which of them never happened: a scenario must not pass without its fault. */
import type { Fault, FaultEffect, FaultPlan } from '../../../local/simulators/common/faults.ts';

interface Planned {
  readonly title: string;
  readonly effect: FaultEffect;
}

/** The failures a scenario planned. */
export class FaultWatch {
  readonly #planned: Planned[] = [];
  readonly #happened = new Set<FaultEffect>();

  /** Notes every effect a plan gives out. Call once per plan. */
  watch(plan: FaultPlan): void {
    const take = plan.take.bind(plan);
    plan.take = (request) => {
      const effect = take(request);
      if (effect) this.#happened.add(effect);
      return effect;
    };
  }

  plan(on: FaultPlan, fault: Fault): void {
    const { method = 'any request', path = '', effect } = fault;
    this.#planned.push({ title: `${effect.kind} of ${method} ${path}`.trim(), effect });
    on.add(fault);
  }

  /** What was planned and hit no request. */
  missed(): readonly string[] {
    return this.#planned.filter(({ effect }) => !this.#happened.has(effect)).map(({ title }) => title);
  }
}
