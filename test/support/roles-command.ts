import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Seed } from "../../local/logto/seed.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../local/logto/server.ts";
import { type CommandResult, onboarding } from "./command-line.ts";

export const API = "https://api.example.com";

const scopes = (resource: string, names: readonly string[]) =>
  names.map((name) => ({ id: `${resource}-${name}`, name }));

const ids = (resource: string, names: readonly string[]): string[] =>
  scopes(resource, names).map(({ id }) => id);

const seed: Seed = {
  resources: [
    { name: "API", indicator: API, scopes: scopes("api", ["a", "b", "c", "d", "e", "f"]) },
    { name: "Legacy", indicator: "legacy", scopes: scopes("legacy", ["x"]) },
  ],
  roles: [
    { id: "admin", name: "admin", resourceScopeIds: ids("api", ["a", "b", "c", "d", "e"]) },
    { id: "reader", name: "reader", resourceScopeIds: ids("api", ["a"]) },
    { id: "robot", name: "robot", type: "MachineToMachine" },
  ],
};

/** A tenant, a directory with a declaration in it, and `onboarding roles` run there. */
export type RolesWorld = {
  readonly standIn: LogtoStandIn;
  readonly directory: string;
  /** Names the tenant. */
  readonly environment: Readonly<Record<string, string>>;
  readonly run: (...parameters: readonly string[]) => Promise<CommandResult>;
  /** What `role-scopes.yml` says. */
  readonly file: () => Promise<string>;
  /** Names of the scopes of the API that a role holds. */
  readonly held: (roleId: string) => readonly string[];
  readonly close: () => Promise<void>;
};

/** @param declaration of `role-scopes.yml`; without it there is no such file. */
export async function openRolesWorld(declaration?: string): Promise<RolesWorld> {
  const standIn = await startLogtoStandIn();
  standIn.seed(seed);
  const directory = await mkdtemp(join(tmpdir(), "onboarding-roles-"));
  const path = join(directory, "role-scopes.yml");
  if (declaration !== undefined) await writeFile(path, declaration);
  const environment = {
    LOGTO_ENDPOINT: standIn.endpoint,
    LOGTO_APP_ID: standIn.app.id,
    LOGTO_APP_SECRET: standIn.app.secret,
    LOGTO_RESOURCE: standIn.resource,
  };
  return {
    standIn,
    directory,
    environment,
    run: (...parameters) => onboarding(["roles", ...parameters], { environment, directory }),
    file: () => readFile(path, "utf8"),
    held: (roleId) =>
      [...(standIn.state.roleScopes.get(roleId) ?? [])].map((id) => id.replace("api-", "")).sort(),
    close: async () => {
      await rm(directory, { recursive: true });
      await standIn.stop();
    },
  };
}
