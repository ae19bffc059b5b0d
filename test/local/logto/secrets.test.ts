import * as v from "valibot";
import { expect, test } from "vitest";
import { startLogtoStandIn } from "../../../local/logto/server.ts";
import type { Http } from "../../contract/http.ts";
import { invitations, standInWithAcme } from "./stand-in.ts";

const form = {
  grant_type: "client_credentials",
  resource: "https://default.logto.app/api",
  scope: "all",
};

test("A second secret works beside the first one, until the first one is removed", async () => {
  const { standIn, requestToken } = await standInWithAcme();
  const { id, secret } = standIn.app;
  const second = standIn.rotateSecret();
  expect((await requestToken(form, [id, secret])).status).toBe(200);
  expect((await requestToken(form, [id, second])).status).toBe(200);
  standIn.removeSecret(secret);
  expect((await requestToken(form, [id, secret])).code).toBe("oidc.invalid_client");
  expect((await requestToken(form, [id, second])).status).toBe(200);
});

test("A token outlives the secret it was got with", async () => {
  const { standIn, call } = await standInWithAcme();
  await call("GET", invitations);
  standIn.removeSecret(standIn.app.secret);
  expect((await call("GET", invitations)).status).toBe(200);
});

test("Revoked tokens are refused, and a new one is not", async () => {
  const { standIn, call, requestToken } = await standInWithAcme();
  await call("GET", invitations);
  standIn.revokeTokens();
  expect((await call("GET", invitations)).code).toBe("auth.unauthorized");
  const token = await tokenFrom(requestToken, standIn.app);
  expect((await call("GET", invitations, { token })).status).toBe(200);
});

test("A token lasts as long as the stand-in was told, by its clock", async () => {
  let nowMs = Date.now();
  const { call } = await standInWithAcme({ tokenLifetimeSeconds: 30, now: () => nowMs });
  await call("GET", invitations);
  nowMs += 29_999;
  expect((await call("GET", invitations)).status).toBe(200);
  nowMs += 1;
  expect((await call("GET", invitations)).code).toBe("auth.unauthorized");
});

test("App, port and resource can be chosen", async () => {
  const { endpoint, stop } = await startLogtoStandIn();
  await stop();
  const port = Number(new URL(endpoint).port);
  const app = { id: "chosen", secret: "a:secret with/odd+characters" };
  const { standIn, requestToken } = await standInWithAcme({
    port,
    app,
    resource: "https://tenant.logto.app/api",
  });
  expect(standIn.endpoint).toBe(endpoint);
  const reply = await requestToken({ ...form, resource: "https://tenant.logto.app/api" }, [
    app.id,
    app.secret,
  ]);
  expect(reply.status).toBe(200);
  expect((await requestToken(form, [app.id, app.secret])).code).toBe("oidc.invalid_target");
});

async function tokenFrom(
  requestToken: Http["requestToken"],
  { id, secret }: { id: string; secret: string },
): Promise<string> {
  const { json } = await requestToken(form, [id, secret]);
  return v.parse(v.object({ access_token: v.string() }), json).access_token;
}
