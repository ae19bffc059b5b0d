import type { LogtoClient } from "../logto/client.ts";
import type { ResourceDirectory } from "../logto/resource-directory.ts";
import type { RoleDirectory } from "../logto/role-directory.ts";

/** What carrying out a role-scopes event needs beside the event. */
export type RoleScopesContext = {
  readonly logto: LogtoClient;
  readonly roles: RoleDirectory;
  readonly resources: ResourceDirectory;
};
