import type { Plan } from "./plan.ts";

/** So few are never refused: a role that holds four scopes may lose three. */
const ALWAYS_ALLOWED = 3;

/** The part of what the planned roles hold that a plan may remove unasked. */
const ALLOWED_PART = 1 / 4;

/**
 * Why a plan that takes away much is not to be carried out: half a file, or a role's name moved by
 * mistake, looks like this.
 *
 * @param allowRemovals how many removals somebody has agreed to.
 * @returns one sentence; `undefined` where nothing stands against the plan.
 */
export function refusedRemovals(plan: Plan, allowRemovals: number | undefined): string | undefined {
  const removals = sum(plan.roles.map(({ remove }) => remove.length));
  const held = sum(plan.roles.map(({ assigned }) => assigned));
  if (removals <= ALWAYS_ALLOWED || removals <= held * ALLOWED_PART) return undefined;
  if (allowRemovals !== undefined && removals <= allowRemovals) return undefined;
  return (
    `The plan removes ${removals} of the ${held} scopes that its roles hold, more than a quarter` +
    `${allowRemovals === undefined ? "" : ` and more than the ${allowRemovals} that are allowed`}: ` +
    `check what is declared, and allow ${removals} removals if they are meant.`
  );
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);
