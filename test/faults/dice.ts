import { createHash } from "node:crypto";

/**
 * Chance that a seed reproduces whatever runs beside it: every decision is named, and its name and
 * the seed alone decide it.
 */
export type Dice = {
  /** From 0 up to 1. */
  readonly roll: (name: string) => number;
  /** One of these. */
  readonly pick: <Choice>(name: string, choices: readonly [Choice, ...Choice[]]) => Choice;
};

export function createDice(seed: number): Dice {
  const roll = (name: string): number =>
    createHash("sha256").update(`${seed}\n${name}`).digest().readUInt32BE() / 2 ** 32;
  return {
    roll,
    pick: (name, choices) => choices[Math.floor(roll(name) * choices.length)] ?? choices[0],
  };
}
