import type { Delivery } from "../events/delivery.ts";
import type { LogtoClient } from "../logto/client.ts";
import type { RoleDirectory } from "../logto/role-directory.ts";
import type { InvitationPolicy } from "./policy.ts";

/** What carrying out an invitation event needs beside the event. */
export type InvitationContext = {
  readonly delivery: Delivery;
  readonly logto: LogtoClient;
  readonly roles: RoleDirectory;
  readonly policy: InvitationPolicy;
  /** Epoch milliseconds. */
  readonly now: number;
};
