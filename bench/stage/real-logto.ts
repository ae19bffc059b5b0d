import { randomBytes } from "node:crypto";
import * as v from "valibot";
import type { Management } from "../../local/management.ts";

/** An organization of the benchmark's own in a real Logto. */
export type RealLogto = {
  readonly organizationId: string;
  readonly canSendEmail: boolean;
  /** How many invitations it holds, by listing them. */
  readonly invitations: () => Promise<number>;
  /** Removes the organization, and its invitations with it. */
  readonly stop: () => Promise<void>;
};

export async function openRealLogto(management: Management): Promise<RealLogto> {
  const name = `onboarding-bench-${randomBytes(4).toString("hex")}`;
  const { id } = v.parse(entity, await management("POST", "/api/organizations", { name }));
  const connectors = v.parse(connectorList, await management("GET", "/api/connectors"));
  return {
    organizationId: id,
    canSendEmail: connectors.some(({ type }) => type === "Email"),
    invitations: async () => {
      const path = `/api/organization-invitations?organizationId=${id}`;
      return v.parse(v.array(entity), await management("GET", path)).length;
    },
    stop: async () => {
      await management("DELETE", `/api/organizations/${id}`);
    },
  };
}

const entity = v.object({ id: v.string() });
const connectorList = v.array(v.object({ type: v.string() }));
