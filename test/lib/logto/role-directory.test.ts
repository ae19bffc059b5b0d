import { afterEach, beforeEach, expect, test } from "vitest";
import { NotConfiguredError } from "../../../lib/logto/errors.ts";
import { createRoleDirectory } from "../../../lib/logto/role-directory.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../../local/logto/server.ts";
import { answerJson, startAnsweringServer } from "./answering-server.ts";
import { clientWith, testClient } from "./test-client.ts";

const TTL_MS = 1_000;
const LIST = "GET /api/organization-roles";

let standIn: LogtoStandIn;
let now: number;

beforeEach(async () => {
  now = 0;
  standIn = await startLogtoStandIn();
  standIn.seed({ roles: [{ id: "role-member", name: "member" }] });
});
afterEach(() => standIn.stop());

function directory() {
  const logto = testClient(standIn);
  const roles = createRoleDirectory(TTL_MS, () => now);
  return { find: (reference: string) => roles.find(reference, logto), forget: roles.forget };
}

test("a role is found by id and by name, with one call for both", async () => {
  const { find } = directory();
  expect(await find("role-member")).toMatchObject({ name: "member" });
  expect(await find("member")).toMatchObject({ id: "role-member" });
  expect(standIn.calls.count(LIST)).toBe(1);
});

test("however many ask at once, one read is under way", async () => {
  const { find } = directory();
  const found = await Promise.all(Array.from({ length: 20 }, () => find("member")));
  expect(new Set(found.map((role) => role?.id))).toEqual(new Set(["role-member"]));
  expect(standIn.calls.count(LIST)).toBe(1);
});

test("a read is used for as long as it is fresh, to the millisecond", async () => {
  const { find } = directory();
  await find("member");
  now += TTL_MS - 1;
  await find("member");
  expect(standIn.calls.count(LIST)).toBe(1);
  now += 1;
  await find("member");
  expect(standIn.calls.count(LIST)).toBe(2);
});

test("an unknown role is looked for once more, and again when somebody asks later", async () => {
  const { find } = directory();
  await find("member");
  now += 1;
  expect(await find("admin")).toBeUndefined();
  expect(standIn.calls.count(LIST)).toBe(2);
  standIn.seed({ roles: [{ id: "role-admin", name: "admin" }] });
  now += 1;
  expect(await find("admin")).toMatchObject({ id: "role-admin" });
  expect(standIn.calls.count(LIST)).toBe(3);
});

test("an unknown role is not looked for twice by the very read that just missed it", async () => {
  const { find } = directory();
  expect(await find("admin")).toBeUndefined();
  expect(standIn.calls.count(LIST)).toBe(1);
});

test("a clock that goes back makes an unknown role cost no more than one read", async () => {
  const logto = testClient(standIn);
  // Every look at the clock is a second earlier than the one before.
  const roles = createRoleDirectory(TTL_MS, () => {
    now -= 1_000;
    return now;
  });
  // It would ask for ever.
  const patient = logto.on({ signal: AbortSignal.timeout(20_000) });
  expect(await roles.find("admin", patient)).toBeUndefined();
  expect(standIn.calls.count(LIST)).toBe(1);
});

test("a clock that went back does not keep a read for longer", async () => {
  const { find } = directory();
  now = 3_600_000;
  await find("member");
  now = 0;
  await find("member");
  expect(standIn.calls.count(LIST)).toBe(2);
});

test("the id of a role goes before the name of another", async () => {
  standIn.seed({
    roles: [
      { id: "role-first", name: "role-last" },
      { id: "role-last", name: "a" },
    ],
  });
  const { find } = directory();
  expect(await find("role-last")).toMatchObject({ id: "role-last" });
  expect(await find("role-first")).toMatchObject({ id: "role-first" });
});

test("what is kept for no time at all is read for each question, and still answers", async () => {
  const roles = createRoleDirectory(0, () => now);
  const logto = testClient(standIn);
  expect(await roles.find("member", logto)).toMatchObject({ id: "role-member" });
  expect(await roles.find("admin", logto)).toBeUndefined();
  now += 1;
  expect(await roles.find("member", logto)).toMatchObject({ id: "role-member" });
  expect(standIn.calls.count(LIST)).toBe(3);
});

test("what was forgotten is read for the next question, and for nobody before", async () => {
  const { find, forget } = directory();
  await find("member");
  standIn.state.roles.delete("role-member");
  standIn.seed({ roles: [{ id: "role-member-2", name: "member" }] });
  expect(await find("member")).toMatchObject({ id: "role-member" });
  forget();
  expect(standIn.calls.count(LIST)).toBe(1);
  expect(await find("member")).toMatchObject({ id: "role-member-2" });
  expect(await find("member")).toMatchObject({ id: "role-member-2" });
  expect(standIn.calls.count(LIST)).toBe(2);
});

test("roles are found on every page", async () => {
  standIn.seed({ roles: Array.from({ length: 250 }, (_, index) => ({ name: `role-${index}` })) });
  const { find } = directory();
  for (const name of ["role-0", "role-123", "role-249"]) {
    expect(await find(name)).toMatchObject({ name });
  }
  expect(standIn.calls.count(LIST)).toBe(3);
});

test("a read that fails is told to all who wait for it, and is not kept", async () => {
  const { find } = directory();
  standIn.faults.add({
    on: LIST,
    action: { kind: "answer", status: 403, body: { code: "auth.forbidden" } },
    times: 1,
  });
  const asked = await Promise.allSettled([find("member"), find("member")]);
  for (const outcome of asked) {
    expect(outcome).toMatchObject({ status: "rejected", reason: expect.any(NotConfiguredError) });
  }
  expect(await find("member")).toMatchObject({ id: "role-member" });
  expect(standIn.calls.count(LIST)).toBe(2);
});

test("a failed read of a stale directory is tried again for who asks next", async () => {
  const { find } = directory();
  await find("member");
  now += TTL_MS;
  standIn.faults.add({
    on: LIST,
    action: { kind: "answer", status: 403, body: { code: "auth.forbidden" } },
    times: 1,
  });
  await expect(find("member")).rejects.toBeInstanceOf(NotConfiguredError);
  expect(await find("member")).toMatchObject({ id: "role-member" });
});

/** A server whose answers to reads of the roles are given one by one. */
async function heldReads() {
  const asked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const server = await startAnsweringServer(async (response, request, nth) => {
    asked[nth - 1]?.resolve();
    const name = (await answers[nth - 1]?.promise) ?? "none";
    const headers = { "total-number": "1" };
    await answerJson(200, [{ id: `role-${name}`, name }], headers)(response, request, nth);
  });
  const logto = clientWith(server.credentials);
  const roles = createRoleDirectory(TTL_MS, () => now);
  return {
    server,
    asked: (nth: number) => asked[nth - 1]?.promise,
    answer: (nth: number, name: string) => answers[nth - 1]?.resolve(name),
    find: (reference: string) => roles.find(reference, logto),
    forget: roles.forget,
  };
}

test("who joins a read that began earlier has it read again when the role is missing", async () => {
  const { server, asked, answer, find } = await heldReads();
  await using _server: AsyncDisposable = server;

  const first = find("member");
  await asked(1);
  now += 1;
  const joined = [find("admin"), find("admin")];
  answer(1, "member");
  expect(await first).toMatchObject({ id: "role-member" });
  answer(2, "admin");

  for (const role of await Promise.all(joined)) expect(role).toMatchObject({ id: "role-admin" });
  expect(server.requests).toHaveLength(2);
});

test("who joins a read that began earlier and has the role is content with it", async () => {
  const { server, asked, answer, find } = await heldReads();
  await using _server: AsyncDisposable = server;

  const first = find("admin");
  await asked(1);
  now += 1;
  const joined = find("member");
  answer(1, "member");

  expect(await joined).toMatchObject({ id: "role-member" });
  expect(await first).toBeUndefined();
  expect(server.requests).toHaveLength(1);
});

test("a read that was under way when the roles were forgotten answers nobody", async () => {
  const { server, asked, answer, find, forget } = await heldReads();
  await using _server: AsyncDisposable = server;

  const first = find("member");
  await asked(1);
  forget();
  const second = find("member");
  answer(2, "member");
  expect(await second).toMatchObject({ id: "role-member" });
  answer(1, "stale");
  expect(await first).toMatchObject({ id: "role-member" });
  expect(await find("stale")).toBeUndefined();
});
