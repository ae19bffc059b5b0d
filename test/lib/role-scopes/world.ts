import type { Outcome } from "../../../lib/events/outcome.ts";
import { parseEvent } from "../../../lib/events/parse.ts";
import type { LogtoClient } from "../../../lib/logto/client.ts";
import { createResourceDirectory } from "../../../lib/logto/resource-directory.ts";
import { createRoleDirectory } from "../../../lib/logto/role-directory.ts";
import { carryOutRoleScopesEvent } from "../../../lib/role-scopes/carry-out.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../../local/logto/server.ts";
import type { Json } from "../../support/events.ts";
import {
  type RoleScopesWord,
  roleScopesEventOf,
  roleScopesJson,
  scopeOf,
} from "../../support/role-scopes-event.ts";
import { testClient } from "../logto/test-client.ts";

/** How a delivery ended, and the calls it made of Logto, in order and by their short names. */
export type Delivered = {
  readonly outcome?: Outcome;
  readonly error?: unknown;
  readonly calls: readonly string[];
  /** The lists of scope ids that it sent. */
  readonly sent: readonly unknown[];
};

export type RoleWorld = {
  readonly standIn: LogtoStandIn;
  readonly logto: LogtoClient;
  /** Delivers an event; that of a crash has a client of its own. */
  readonly deliver: (word: RoleScopesWord, data?: Json, logto?: LogtoClient) => Promise<Delivered>;
  /** A container that has just started: no name is in memory. */
  readonly cold: () => void;
  /** Reads all names, and lets a moment pass. */
  readonly warm: () => Promise<void>;
  readonly advance: (byMs: number) => void;
  /** What the role of this id holds, sorted; `undefined` when there is no such role. */
  readonly held: (roleId: string) => readonly string[] | undefined;
  /** Makes the role hold exactly these. */
  readonly hold: (roleId: string, ...scopeIds: readonly string[]) => void;
  /** Deletes a role and makes one of another id under its name; it holds nothing. */
  readonly remakeRole: (name: string) => string;
  /** Deletes a scope and makes one of another id under its name; no role holds it. */
  readonly remakeScope: (resource: string, name: string) => string;
  /** Deletes a resource and makes one of another id under its indicator, with new scopes. */
  readonly remakeResource: (resource: string) => readonly string[];
  readonly close: () => Promise<void>;
};

/** How long names are used, as the function has it. */
export const NAMES_TTL_MS = 300_000;

const SHORT_NAMES: Readonly<Record<string, string>> = {
  "GET /api/organization-roles": "roles",
  "GET /api/resources": "resources",
  "GET /api/organization-roles/{id}/resource-scopes": "look",
  "POST /api/organization-roles/{id}/resource-scopes": "POST",
  "PUT /api/organization-roles/{id}/resource-scopes": "PUT",
  "DELETE /api/organization-roles/{id}/resource-scopes/{scopeId}": "DELETE",
};

/** The scopes of every world, as events name them. Ids are `orders.read` and so on. */
export const scopes = {
  read: scopeOf("orders", "read"),
  write: scopeOf("orders", "write"),
  export: scopeOf("orders", "export"),
  filesRead: scopeOf("files", "read"),
  filesShare: scopeOf("files", "share"),
} as const;

/**
 * A Logto stand-in on a simulated clock: roles `member`, `admin` and, for apps, `machine`, whose ids
 * are `role-member` and so on; resources `orders` (`read`, `write`, `export`) and `files` (`read`,
 * `share`). No role holds anything, and no name is in memory.
 */
export async function openRoleWorld(): Promise<RoleWorld> {
  let now = Date.parse("2026-03-01T12:00:00.000Z");
  let remade = 0;
  const standIn = await startLogtoStandIn({ now: () => now, tokenLifetimeSeconds: 1e9 });
  const logto = testClient(standIn, { now: () => now });
  const { state } = standIn;
  standIn.seed({
    resources: [
      seedResource("orders", "orders", ["read", "write", "export"]),
      seedResource("files", "files", ["read", "share"]),
    ],
    roles: [
      { id: "role-member", name: "member" },
      { id: "role-admin", name: "admin" },
      { id: "role-machine", name: "machine", type: "MachineToMachine" },
    ],
  });
  // The token is there, so that calls are those of the events.
  await Array.fromAsync(logto.resources.list());

  let sent: unknown[] = [];
  standIn.faults.add({
    on: ({ method, body }) => {
      if (method === "POST" || method === "PUT") sent.push(body);
      return false;
    },
    action: { kind: "delay" },
  });

  const openContainer = () => ({
    roles: createRoleDirectory(NAMES_TTL_MS, () => now),
    resources: createResourceDirectory(NAMES_TTL_MS, () => now),
  });
  let container = openContainer();

  const forgetScope = (id: string): void => {
    state.scopes.delete(id);
    for (const held of state.roleScopes.values()) held.delete(id);
  };

  return {
    standIn,
    logto,
    deliver: async (word, data = {}, own = logto) => {
      const event = roleScopesEventOf(parseEvent(roleScopesJson(word, data)));
      now += 1;
      standIn.calls.reset();
      sent = [];
      const made = () => ({
        calls: standIn.calls.recent().map(({ operation }) => SHORT_NAMES[operation] ?? operation),
        sent,
      });
      try {
        const outcome = await carryOutRoleScopesEvent(event, { logto: own, ...container });
        return { outcome, ...made() };
      } catch (error) {
        return { error, ...made() };
      }
    },
    cold: () => {
      container = openContainer();
    },
    warm: async () => {
      now += 1;
      await container.roles.find("member", logto);
      await container.resources.findResources([scopes.read.resource], logto);
      now += 1;
    },
    advance: (byMs) => {
      now += byMs;
    },
    held: (roleId) => {
      const held = state.roleScopes.get(roleId);
      return held && [...held].sort();
    },
    hold: (roleId, ...scopeIds) => {
      state.roleScopes.set(roleId, new Set(scopeIds));
    },
    remakeRole: (name) => {
      const old = [...state.roles.values()].find((role) => role.name === name);
      if (old === undefined) throw new Error(`There is no role ${name}.`);
      state.roles.delete(old.id);
      state.roleScopes.delete(old.id);
      remade += 1;
      const id = `role-${name}-${remade}`;
      standIn.seed({ roles: [{ ...old, id }] });
      return id;
    },
    remakeScope: (resource, name) => {
      const old = [...state.scopes.values()].find(
        (scope) => scope.name === name && scope.resourceId.split("-")[0] === resource,
      );
      if (old === undefined) throw new Error(`${resource} has no scope ${name}.`);
      forgetScope(old.id);
      remade += 1;
      const id = `${resource}.${name}-${remade}`;
      state.scopes.set(id, { ...old, id });
      return id;
    },
    remakeResource: (resource) => {
      const old = [...state.resources.values()].find(({ id }) => id.split("-")[0] === resource);
      if (old === undefined) throw new Error(`There is no resource ${resource}.`);
      const names = [...state.scopes.values()].filter(({ resourceId }) => resourceId === old.id);
      for (const { id } of names) forgetScope(id);
      state.resources.delete(old.id);
      remade += 1;
      const seed = seedResource(
        resource,
        `${resource}-${remade}`,
        names.map(({ name }) => name),
      );
      const [seeded] = standIn.seed({ resources: [seed] }).resources;
      return (seeded?.scopes ?? []).map(({ id }) => id);
    },
    close: () => standIn.stop(),
  };
}

const seedResource = (resource: string, id: string, names: readonly string[]) => ({
  id,
  name: resource,
  indicator: `https://${resource}.example.com`,
  scopes: names.map((name) => ({ id: `${id}.${name}`, name })),
});
