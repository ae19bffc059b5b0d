import type { Json } from "../../support/events.ts";
import type { RoleScopesWord } from "../../support/role-scopes-event.ts";
import type { CallsRow } from "../invitations/calls-table.ts";
import { openRoleWorld, scopes } from "./world.ts";

/** How many calls a role-scopes event costs Logto, its token excepted; the names in memory but for the last. */
export type RoleScopesCallsRow = CallsRow & {
  /** The first delivery in a container that has just started, of a tenant with 150 roles. */
  readonly coldDelivery: number;
};

type Case = {
  readonly event: string;
  readonly word: RoleScopesWord;
  readonly data: Json;
  /** Ids of the scopes that the role holds before. */
  readonly held: readonly string[];
};

const ROLES = 150;

const three = ["orders.read", "orders.write", "files.read"];

const cases: readonly Case[] = [
  { event: "assign", word: "assign", data: {}, held: [] },
  { event: "assign by ids", word: "assign", data: { scopes: ["orders.read"] }, held: [] },
  { event: "replace", word: "replace", data: {}, held: three },
  { event: "replace, empty", word: "replace", data: { scopes: [] }, held: three },
  { event: "remove one", word: "remove", data: {}, held: three },
  { event: "remove one, not assigned", word: "remove", data: {}, held: [] },
  {
    event: "remove several",
    word: "remove",
    data: { scopes: [scopes.read, scopes.write] },
    held: three,
  },
  { event: "sync, no drift", word: "sync", data: {}, held: three },
  { event: "sync that adds", word: "sync", data: {}, held: [] },
  { event: "sync that prunes", word: "sync", data: { prune: true }, held: three },
];

/**
 * Counts the calls that each role-scopes event makes of a Logto stand-in.
 *
 * @returns one row for each event and circumstance, in a fixed order.
 */
export async function measureRoleScopesCalls(): Promise<readonly RoleScopesCallsRow[]> {
  const world = await openRoleWorld();
  try {
    const others = ROLES - world.standIn.state.roles.size;
    world.standIn.seed({
      roles: Array.from({ length: others }, (_, n) => ({ name: `role ${n}` })),
    });
    const rows: RoleScopesCallsRow[] = [];
    for (const { event, word, data, held } of cases) {
      const callsOf = async () => (await world.deliver(word, data)).calls.length;
      world.hold("role-member", ...held);
      world.cold();
      const coldDelivery = await callsOf();
      world.hold("role-member", ...held);
      await world.warm();
      const firstDelivery = await callsOf();
      rows.push({ event, coldDelivery, firstDelivery, replay: await callsOf() });
    }
    return rows;
  } finally {
    await world.close();
  }
}
