import type { SQSEvent } from "aws-lambda";
import { createInvitation } from "./create-with-logto-api.ts";

/** A script that creates all invitations at once and tells how many it could not. */
export async function handler({ Records }: SQSEvent): Promise<{ readonly failures: number }> {
  const settled = await Promise.allSettled(Records.map(createInvitation));
  return { failures: settled.filter(({ status }) => status === "rejected").length };
}
