import { createManagementApi } from "@logto/api/management";
import type { SQSRecord } from "aws-lambda";
import { invitationOf, logto } from "./logto.ts";

// As its README says for a self-hosted Logto.
export const { apiClient } = createManagementApi("default", {
  clientId: logto.appId,
  clientSecret: logto.appSecret,
  baseUrl: logto.endpoint,
  apiIndicator: logto.resource,
});

/** Creates the invitation that a message asks for. Throws when Logto did not. */
export async function createInvitation({ body }: SQSRecord): Promise<void> {
  const { error, response } = await apiClient.POST("/api/organization-invitations", {
    body: invitationOf(body),
  });
  if (error !== undefined) throw new Error(`Logto answered ${response.status}`);
}
