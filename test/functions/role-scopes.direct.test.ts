import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEvent } from "../support/events.ts";
import { roleScopesJson, scopeOf } from "../support/role-scopes-event.ts";
import { type QueueFunction, startQueueFunction } from "./queue-function.ts";
import { rolesAndScopes } from "./role-scopes-batch.ts";

let parts: QueueFunction;
beforeAll(async () => {
  parts = await startQueueFunction("role-scopes", { seed: rolesAndScopes });
});
afterAll(() => parts.stop());

const invoke: QueueFunction["container"]["invoke"] = (payload, options) =>
  parts.container.invoke(payload, options);
const held = (role: string) => [...(parts.logto.state.roleScopes.get(`role-${role}`) ?? [])];

describe("a role-scopes event by hand", () => {
  test("is carried out, and its outcome is the answer", async () => {
    expect(await invoke(roleScopesJson("assign", {}, { id: "bare" }))).toEqual([
      {
        eventId: "bare",
        outcome: "done",
        detail: "assigned",
        organizationRoleId: "role-member",
      },
    ]);
    expect(held("member")).toEqual(["orders.read"]);
  });

  test("of a list is answered for in its place, and carried out after those of its role before it", async () => {
    const scopes = [scopeOf("orders", "write")];
    const payload = [
      roleScopesJson("replace", { role: "machine", scopes }, { id: "1" }),
      roleScopesJson("sync", { role: "admin", scopes, prune: true }, { id: "2" }),
      { no: "event" },
      roleScopesJson("remove", { role: "machine", scopes }, { id: "3" }),
      roleScopesJson("remove", { role: "machine", scopes }, { id: "4" }),
      createEvent({ id: "5" }),
    ];
    expect(await invoke(payload)).toMatchObject([
      { eventId: "1", detail: "replaced" },
      { eventId: "2", detail: "synced", assigned: 1, removed: 1 },
      { reason: "not-a-cloudevent" },
      { eventId: "3", detail: "removed", removed: 1 },
      { eventId: "4", detail: "not-assigned", removed: 0 },
      { eventId: "5", outcome: "reject", reason: "wrong-queue" },
    ]);
    expect(held("machine")).toEqual([]);
    expect(held("admin")).toEqual(["orders.write"]);
  });

  test("that names what Logto does not know is told so, and those behind it are not begun", async () => {
    const role = "nobody";
    expect(
      await invoke([
        roleScopesJson("replace", { role, scopes: [] }, { id: "first" }),
        roleScopesJson("assign", { role }, { id: "second" }),
      ]),
    ).toEqual([
      {
        eventId: "first",
        outcome: "retry",
        reason: "reference-not-found",
        sentence: 'no organization role has the id or name "nobody" (GET /api/organization-roles)',
      },
      expect.objectContaining({ outcome: "retry", reason: "not-begun" }),
    ]);
    expect(await parts.queues.drain(parts.deadLetterQueueUrl)).toEqual([]);
  });

  test("that is wrong is rejected with what is wrong about it", async () => {
    expect(await invoke(roleScopesJson("sync", { prune: "yes" }))).toEqual([
      {
        outcome: "reject",
        reason: "invalid-data",
        sentence:
          "The message is no onboarding event: data.prune must be true, false or a list of at most 1000 resource indicators.",
      },
    ]);
  });
});

test("twenty events by hand look the names up once", async () => {
  const fresh = await startQueueFunction("role-scopes", { seed: rolesAndScopes });
  try {
    const roles = Array.from({ length: 20 }, (_, n) => ({ id: `many-${n}`, name: `many ${n}` }));
    fresh.logto.seed({ roles });
    const payload = roles.map(({ name }) => roleScopesJson("assign", { role: name }, { id: name }));
    expect(await fresh.container.invoke(payload)).toMatchObject(
      roles.map(({ id }) => ({ outcome: "done", organizationRoleId: id })),
    );
    expect(fresh.logto.calls.counts()).toMatchObject({
      "GET /api/organization-roles": 1,
      "GET /api/resources": 1,
      "POST /api/organization-roles/{id}/resource-scopes": 20,
    });
  } finally {
    await fresh.stop();
  }
});
