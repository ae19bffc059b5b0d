import type { DeadLetter } from "./dead-letter.ts";

// These events write the whole state of a role. An old one, redriven, undoes a newer one.
const WHOLE_STATE_TYPES: readonly (string | undefined)[] = [
  "onboarding.role-scopes.replace",
  "onboarding.role-scopes.sync",
];

export const isWholeState = ({ event }: DeadLetter): boolean =>
  WHOLE_STATE_TYPES.includes(event.type);
