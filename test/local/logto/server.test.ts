import { expect, test } from "vitest";
import { startLogtoStandIn } from "../../../local/logto/server.ts";
import { eagerly, invitations, invitationTo, standInWithAcme } from "./stand-in.ts";

test("The stand-in listens on the loopback interface only", async () => {
  const { standIn } = await standInWithAcme();
  expect(new URL(standIn.endpoint).hostname).toBe("127.0.0.1");
});

test("A port in use is an error at the start", async () => {
  const { standIn } = await standInWithAcme();
  const port = Number(new URL(standIn.endpoint).port);
  await expect(startLogtoStandIn({ port })).rejects.toThrow("EADDRINUSE");
});

test("A stopped stand-in cuts what is under way and refuses what comes after", async () => {
  const standIn = await startLogtoStandIn();
  standIn.faults.add({ on: "*", action: { kind: "delay", beforeMs: 60_000 } });
  const hanging = fetch(`${standIn.endpoint}/oidc/token`, { method: "POST" });
  const failure = expect(hanging).rejects.toThrow();
  await expect.poll(() => standIn.faults.struck(), eagerly).toBe(1);
  await standIn.stop();
  await failure;
  await expect(fetch(standIn.endpoint)).rejects.toThrow();
});

test("Two stand-ins share nothing", async () => {
  const one = await standInWithAcme();
  const other = await standInWithAcme();
  await one.call("POST", invitations, { body: invitationTo("ann@example.com") });
  expect((await other.call("GET", invitations)).json).toEqual([]);
});

test("A tenant can do without an e-mail connector", async () => {
  const { call } = await standInWithAcme({ emailConnector: false });
  const body = invitationTo("ann@example.com", { messagePayload: {} });
  expect((await call("POST", invitations, { body })).code).toBe("connector.not_found");
});

test("An idle connection is announced to last five seconds", async () => {
  const { call } = await standInWithAcme();
  expect((await call("GET", invitations)).headers.get("keep-alive")).toBe("timeout=5");
});

test("A create waits for an identical one under way, and goes ahead when that one fails", async () => {
  const { standIn, call, atOnce } = await standInWithAcme({ emailDelayMs: 30 });
  standIn.faults.add({ on: "*", action: { kind: "emailOutage" }, times: 1 });
  const body = invitationTo("ann@example.com", { messagePayload: {} });
  const create = () => call("POST", invitations, { body });
  const replies = await atOnce([create, create, create]);
  const answers = replies.map(({ status, code }) => code ?? status).sort();
  expect(answers).toEqual([201, "connector.general", "entity.unique_integrity_violation"]);
});
