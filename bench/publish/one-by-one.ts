import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { parse } from "csv-parse/sync";

/** What a user would write instead: one SendMessage after the other. */

const [, , file = "", queueUrl = ""] = process.argv;
const sqs = new SQSClient({});
const rows: Record<string, string>[] = parse(readFileSync(file), { columns: true, bom: true });
const time = new Date().toISOString();
for (const { organizationId, invitee = "", roles = "", expiresIn, locale, link } of rows) {
  const groupId = sha256(`${organizationId}\n${invitee.trim().toLowerCase()}`);
  const id = `bench-${groupId}`;
  const source = "/bench/one-by-one";
  const organizationRoleIds = roles.split(";");
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: JSON.stringify({
        specversion: "1.0",
        id,
        source,
        type: "onboarding.invitation.create",
        time,
        data: {
          organizationId,
          invitee,
          organizationRoleIds,
          expiresIn,
          message: { locale, link },
        },
      }),
      MessageGroupId: groupId,
      MessageDeduplicationId: sha256(`${source}\n${id}`),
    }),
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
