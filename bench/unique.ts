import { randomBytes } from "node:crypto";

const run = randomBytes(4).toString("hex");
let last = 0;

/** Begins addresses and ids that nobody else uses, on a real Logto neither. */
export function uniquePrefix(): string {
  last += 1;
  return `bench-${run}-${last}`;
}
