import { constants } from "node:os";

/** What the user, or the system, asked for meanwhile. */
export type Interruption = {
  /** Aborted by the first Ctrl-C; the second one ends the process at once. */
  readonly signal: AbortSignal;
  /** What a shell says of a command that was ended so. */
  readonly exitCode: () => number;
};

/** Listens for Ctrl-C and its kin from now on. */
export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  let exitCode = 0;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(name, () => {
      exitCode = 128 + constants.signals[name];
      controller.abort();
    });
  }
  return { signal: controller.signal, exitCode: () => exitCode };
}
