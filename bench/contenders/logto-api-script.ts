import { setTimeout as wait } from "node:timers/promises";
import type { SQSEvent } from "aws-lambda";
import { apiClient } from "./create-with-logto-api.ts";
import { invitationOf } from "./logto.ts";

/** Logto's limit is on ten seconds, and its answer does not say how long to wait. */
const WAIT_MS = 10_000;

const TOO_MANY_REQUESTS = 429;

/** A script: one invitation after the other, with a pause when Logto refuses. */
export async function handler({ Records }: SQSEvent): Promise<void> {
  for (const { body } of Records) await create(body);
}

async function create(body: string): Promise<void> {
  const { error, response } = await apiClient.POST("/api/organization-invitations", {
    body: invitationOf(body),
  });
  if (response.status === TOO_MANY_REQUESTS) {
    await wait(WAIT_MS);
    return create(body);
  }
  if (error !== undefined) throw new Error(`Logto answered ${response.status}`);
}
