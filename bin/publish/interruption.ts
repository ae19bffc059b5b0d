import { constants } from "node:os";

/** What the user, or the system, asked for meanwhile. */
export type Interruption = {
  /** Aborted by the first Ctrl-C; the second one ends the process at once. */
  readonly signal: AbortSignal;
  /** What a shell says of a command that was ended so. */
  readonly exitCode: () => number;
  /** Leaves Ctrl-C to whoever comes next. */
  readonly end: () => void;
};

/** Listens for Ctrl-C and its kin from now on. */
export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  let exitCode = 0;
  const interrupt = (name: NodeJS.Signals): void => {
    exitCode = 128 + constants.signals[name];
    controller.abort();
  };
  for (const name of SIGNALS) process.once(name, interrupt);
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    end: () => {
      for (const name of SIGNALS) process.off(name, interrupt);
    },
  };
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
