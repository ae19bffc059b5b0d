import type { LogtoClient } from "../../lib/logto/client.ts";
import type { LogtoStandIn } from "../../local/logto/server.ts";

/** Where a handler is cut: at its nth call, before Logto gets it or after it did; or at its end. */
export type Crash = { readonly at: number; readonly kind: CrashKind };
type CrashKind = "droppedConnection" | "lostResponse" | "end";

/** A client that is cut, and whether it was. To be asked once, when the handler is through. */
export type Cut = { readonly logto: LogtoClient; readonly isStruck: () => boolean };

/** A client whose process ends at its nth call, or right after the handler. */
export function crashing(standIn: LogtoStandIn, logto: LogtoClient, { at, kind }: Crash): Cut {
  if (kind === "end") return { logto, isStruck: () => true };
  let calls = 0;
  let isStruck = false;
  const remove = standIn.faults.add({
    on: () => {
      calls += 1;
      isStruck = calls === at;
      return isStruck;
    },
    action: { kind },
    times: 1,
  });
  const controller = new AbortController();
  return {
    logto: logto.on({
      signal: controller.signal,
      // Nothing is repeated in place: who would do it is gone.
      onCall: () => {
        if (isStruck) controller.abort();
      },
    }),
    isStruck: () => {
      remove();
      return isStruck;
    },
  };
}
