import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { invitationOf, logto } from "./logto.ts";

let token: Promise<string> | undefined;

/** The least that can be done: one `fetch` for each message, all at once, nothing checked but the status. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  await Promise.all(Records.map(createByFetch));
  return { batchItemFailures: [] };
}

export async function createByFetch({ body }: SQSRecord): Promise<void> {
  token ??= fetchToken();
  const authorization = `Bearer ${await token}`;
  const response = await fetch(`${logto.endpoint}/api/organization-invitations`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify(invitationOf(body)),
  });
  await response.json();
  if (!response.ok) throw new Error(`Logto answered ${response.status}`);
}

async function fetchToken(): Promise<string> {
  const response = await fetch(`${logto.endpoint}/oidc/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: logto.appId,
      client_secret: logto.appSecret,
      resource: logto.resource,
      scope: "all",
    }),
  });
  const { access_token }: { readonly access_token: string } = JSON.parse(await response.text());
  return access_token;
}
