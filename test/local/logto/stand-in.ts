import { onTestFinished } from "vitest";
import {
  type LogtoStandIn,
  type LogtoStandInOptions,
  startLogtoStandIn,
} from "../../../local/logto/server.ts";
import { createHttp, type Http } from "../../contract/http.ts";

export const invitations = "/api/organization-invitations";

/** How to poll for something that is about to happen in this process. */
export const eagerly = { interval: 1, timeout: 10_000 };

/** A stand-in for one test, with the organization `acme`, and raw HTTP to it. */
export async function standInWithAcme(
  options: LogtoStandInOptions = {},
): Promise<{ standIn: LogtoStandIn } & Http> {
  const standIn = await startLogtoStandIn({ emailDelayMs: 0, ...options });
  onTestFinished(standIn.stop);
  standIn.seed({ organizations: [{ id: "acme", name: "Acme" }] });
  const http = createHttp({
    endpoint: standIn.endpoint,
    appId: standIn.app.id,
    appSecret: standIn.app.secret,
    resource: standIn.resource,
    requestsPerSecond: Number.POSITIVE_INFINITY,
  });
  return { standIn, ...http };
}

/** The input of a create into `acme`. */
export function invitationTo(invitee: string, more: Record<string, unknown> = {}) {
  return { organizationId: "acme", invitee, expiresAt: Date.now() + 86_400_000, ...more };
}
