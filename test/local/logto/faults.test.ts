import { expect, test } from "vitest";
import { faultAnswers, oversizedBody, unavailable } from "../../../local/logto/faults.ts";
import { eagerly, invitations, invitationTo, standInWithAcme } from "./stand-in.ts";

test("An injected answer replaces the handling, as often as it is told", async () => {
  const { standIn, call } = await standInWithAcme();
  standIn.faults.add({
    on: `POST ${invitations}`,
    action: faultAnswers.badGateway,
    times: 2,
  });
  const create = () => call("POST", invitations, { body: invitationTo("ann@example.com") });
  expect((await create()).status).toBe(502);
  expect((await create()).status).toBe(502);
  expect(standIn.state.invitations.size).toBe(0);
  expect((await create()).status).toBe(201);
  expect(standIn.faults.struck()).toBe(2);
});

test("A fault strikes its own operation only", async () => {
  const { standIn, call } = await standInWithAcme();
  standIn.faults.add({
    on: "GET /api/organizations/{id}",
    action: faultAnswers.serverErrorAsText,
  });
  expect((await call("GET", "/api/organizations")).status).toBe(200);
  const struck = await call("GET", "/api/organizations/acme");
  expect(struck).toMatchObject({ status: 500, text: "Internal Server Error", json: undefined });
});

test("A fault is matched by a predicate over path, query and body", async () => {
  const { standIn, call } = await standInWithAcme();
  standIn.faults.add({
    on: ({ body }) => JSON.stringify(body ?? null).includes("unlucky@"),
    action: faultAnswers.tooManyRequests,
  });
  const create = (invitee: string) => call("POST", invitations, { body: invitationTo(invitee) });
  expect((await create("lucky@example.com")).status).toBe(201);
  expect((await create("unlucky@example.com")).status).toBe(429);
});

test("A fault strikes only when its chance says so", async () => {
  const { standIn, call } = await standInWithAcme();
  let asked = 0;
  const everySecond = () => {
    asked += 1;
    return asked % 2 === 0;
  };
  await call("GET", invitations);
  standIn.faults.add({ on: "*", action: faultAnswers.badGateway, chance: everySecond });
  const statuses: number[] = [];
  for (let sent = 0; sent < 4; sent += 1) statuses.push((await call("GET", invitations)).status);
  expect(statuses).toEqual([200, 502, 200, 502]);
});

test("A fault ends when it is taken away, and all end when they are cleared", async () => {
  const { standIn, call } = await standInWithAcme();
  await call("GET", invitations);
  const takeAway = standIn.faults.add({ on: "*", action: faultAnswers.badGateway });
  expect((await call("GET", invitations)).status).toBe(502);
  takeAway();
  expect((await call("GET", invitations)).status).toBe(200);
  standIn.faults.add({ on: "*", action: faultAnswers.badGateway });
  standIn.faults.clear();
  expect((await call("GET", invitations)).status).toBe(200);
});

test("An unavailable service names the seconds to wait", async () => {
  const { standIn, call } = await standInWithAcme();
  standIn.faults.add({ on: `GET ${invitations}`, action: unavailable(7) });
  const reply = await call("GET", invitations);
  expect(reply.status).toBe(503);
  expect(reply.headers.get("retry-after")).toBe("7");
});

test("A page of HTML can stand where JSON is due", async () => {
  const { standIn, call } = await standInWithAcme();
  standIn.faults.add({ on: `GET ${invitations}`, action: faultAnswers.notJson });
  const reply = await call("GET", invitations);
  expect(reply).toMatchObject({ status: 200, json: undefined });
  expect(reply.headers.get("content-type")).toBe("text/html");
});

test("An answer can be oversized", async () => {
  const { standIn, call } = await standInWithAcme();
  standIn.faults.add({ on: `GET ${invitations}`, action: oversizedBody(2_000_000) });
  expect((await call("GET", invitations)).text.length).toBeGreaterThan(2_000_000);
});

test("A lost response has been carried out", async () => {
  const { standIn, call } = await standInWithAcme();
  standIn.faults.add({ on: `POST ${invitations}`, action: { kind: "lostResponse" }, times: 1 });
  const create = () => call("POST", invitations, { body: invitationTo("ann@example.com") });
  await expect(create()).rejects.toThrow();
  expect(standIn.state.invitations.size).toBe(1);
  expect((await create()).code).toBe("entity.unique_integrity_violation");
});

test("A dropped connection has carried nothing out", async () => {
  const { standIn, call } = await standInWithAcme();
  standIn.faults.add({
    on: `POST ${invitations}`,
    action: { kind: "droppedConnection" },
    times: 1,
  });
  const create = () => call("POST", invitations, { body: invitationTo("ann@example.com") });
  await expect(create()).rejects.toThrow();
  expect(standIn.state.invitations.size).toBe(0);
  expect((await create()).status).toBe(201);
});

test("A delay before handling holds the work back", async () => {
  const { standIn, call } = await standInWithAcme();
  standIn.faults.add({
    on: `POST ${invitations}`,
    action: { kind: "delay", beforeMs: 300 },
    times: 1,
  });
  const slow = call("POST", invitations, { body: invitationTo("slow@example.com") });
  await expect.poll(() => standIn.faults.struck(), eagerly).toBe(1);
  await call("POST", invitations, { body: invitationTo("quick@example.com") });
  await slow;
  expect([...standIn.state.invitations.values()].map(({ invitee }) => invitee)).toEqual([
    "quick@example.com",
    "slow@example.com",
  ]);
});

test("A delay after handling holds the answer back", async () => {
  const { standIn, call } = await standInWithAcme();
  standIn.faults.add({
    on: `POST ${invitations}`,
    action: { kind: "delay", afterMs: 300 },
    times: 1,
  });
  const answered: string[] = [];
  const create = async (invitee: string) => {
    await call("POST", invitations, { body: invitationTo(invitee) });
    answered.push(invitee);
  };
  const slow = create("slow@example.com");
  await expect.poll(() => standIn.state.invitations.size, eagerly).toBe(1);
  await create("quick@example.com");
  await slow;
  expect(answered).toEqual(["quick@example.com", "slow@example.com"]);
});

test("A connector can go missing for a while", async () => {
  const { standIn, call } = await standInWithAcme();
  standIn.faults.add({ on: "*", action: { kind: "noEmailConnector" }, times: 1 });
  const body = invitationTo("ann@example.com", { messagePayload: {} });
  expect((await call("POST", invitations, { body })).code).toBe("connector.not_found");
  expect((await call("POST", invitations, { body })).status).toBe(201);
});

test("An e-mail fault waits for an e-mail: a create without one does not use it up", async () => {
  const { standIn, call } = await standInWithAcme();
  standIn.faults.add({ on: "*", action: { kind: "emailOutage" }, times: 1 });
  const silent = await call("POST", invitations, { body: invitationTo("ann@example.com") });
  expect(silent.status).toBe(201);
  const body = invitationTo("bob@example.com", { messagePayload: {} });
  expect((await call("POST", invitations, { body })).code).toBe("connector.general");
});

test("One e-mail can be made slow", async () => {
  const { standIn, call } = await standInWithAcme();
  standIn.faults.add({ on: "*", action: { kind: "emailDelay", delayMs: 300 }, times: 1 });
  const create = (invitee: string) =>
    call("POST", invitations, { body: invitationTo(invitee, { messagePayload: {} }) });
  const slow = create("slow@example.com");
  await expect.poll(() => standIn.faults.struck(), eagerly).toBe(1);
  await create("quick@example.com");
  expect((await slow).status).toBe(201);
  expect(standIn.outbox.map(({ to }) => to)).toEqual(["quick@example.com", "slow@example.com"]);
});

test("The token endpoint can fail", async () => {
  const { standIn, call } = await standInWithAcme();
  standIn.faults.add({ on: "POST /oidc/token", action: faultAnswers.badGateway, times: 1 });
  await expect(call("GET", invitations)).rejects.toThrow("gave no token (502");
});

test("The token endpoint can hand out a token without its scope", async () => {
  const { standIn, call } = await standInWithAcme();
  standIn.faults.add({ on: "*", action: { kind: "tokenWithoutScope" }, times: 1 });
  expect((await call("GET", invitations)).code).toBe("auth.forbidden");
});
