/** How far a plan is. */
import type { PlanStep, Tick } from "../api/types";

/** How many of `steps` are ticked; a plan that has changed may have ticks of steps that it lost. */
export function doneOf(steps: readonly Pick<PlanStep, "id">[], ticks: readonly Pick<Tick, "step">[]): number {
  const ticked = new Set(ticks.map(({ step }) => step));
  return steps.filter(({ id }) => ticked.has(id)).length;
}
