import * as v from "valibot";
import { expect } from "vitest";
import { expectError, expectStatus } from "../expect.ts";
import type { Case, Context } from "../harness.ts";

const anything = "/api/organization-invitations";
const grant = { grant_type: "client_credentials", scope: "all" };

export const tokenCases: readonly Case[] = [
  {
    name: "A client in a basic authorization header gets a token for an hour",
    async run({ target, requestToken }) {
      const form = { ...grant, resource: target.resource };
      const reply = await requestToken(form, [target.appId, target.appSecret]);
      expectStatus(reply, 200);
      expect(reply.json).toMatchObject({
        access_token: expect.any(String),
        expires_in: 3600,
        token_type: expect.any(String),
        scope: "all",
      });
    },
  },
  {
    name: "A client in the form gets a token that the API takes",
    async run(logto) {
      const token = await tokenOf(logto, { scope: "all" });
      expectStatus(await read(logto, token), 200);
    },
  },
  {
    name: "A second token leaves the first one valid",
    async run(logto) {
      const first = await tokenOf(logto, { scope: "all" });
      const second = await tokenOf(logto, { scope: "all" });
      expectStatus(await read(logto, first), 200);
      expectStatus(await read(logto, second), 200);
    },
  },
  {
    name: "A wrong secret in a basic authorization header is refused with 401",
    async run({ target, requestToken }) {
      const form = { ...grant, resource: target.resource };
      const reply = await requestToken(form, [target.appId, "not-the-secret"]);
      expectError(reply, 401, "oidc.invalid_client");
    },
  },
  {
    name: "A wrong secret in the form is refused with 401",
    async run({ target, requestToken }) {
      const client = { client_id: target.appId, client_secret: "not-the-secret" };
      const reply = await requestToken({ ...grant, ...client, resource: target.resource });
      expectError(reply, 401, "oidc.invalid_client");
    },
  },
  {
    name: "An unknown app in a basic authorization header is refused with 400",
    async run({ target, requestToken }) {
      const form = { ...grant, resource: target.resource };
      const reply = await requestToken(form, ["no-such-app", target.appSecret]);
      expectError(reply, 400, "oidc.invalid_client");
    },
  },
  {
    name: "An unknown app in the form is refused with 400",
    async run({ target, requestToken }) {
      const client = { client_id: "no-such-app", client_secret: target.appSecret };
      const reply = await requestToken({ ...grant, ...client, resource: target.resource });
      expectError(reply, 400, "oidc.invalid_client");
    },
  },
  refusedResource("An unknown resource", () => "https://nothing.contract.invalid/api"),
  refusedResource("A malformed resource", () => "not a resource"),
  refusedResource("A resource with a trailing slash", ({ target }) => `${target.resource}/`),
  {
    name: "A missing resource is refused with 400",
    async run({ target, requestToken }) {
      const reply = await requestToken(grant, [target.appId, target.appSecret]);
      expectError(reply, 400, "oidc.invalid_target");
    },
  },
  uselessToken("A token asked for without a scope", {}),
  uselessToken("A token asked for with an unknown scope", { scope: "no-such-scope" }),
  {
    name: "A tampered token is refused with 401",
    async run(logto) {
      const token = await tokenOf(logto, { scope: "all" });
      const tampered = token.slice(0, -8) + (token.endsWith("AAAAAAAA") ? "BBBBBBBB" : "AAAAAAAA");
      expectError(await read(logto, tampered), 401, "auth.unauthorized");
    },
  },
  {
    name: "A token nobody issued is refused with 401",
    async run(logto) {
      expectError(await read(logto, "never-issued"), 401, "auth.unauthorized");
    },
  },
  {
    name: "An empty token is refused with 401",
    async run(logto) {
      expectError(await read(logto, ""), 401, "auth.unauthorized");
    },
  },
  {
    name: "A request without authorization is refused with 401 and a code of its own",
    async run(logto) {
      expectError(await read(logto, null), 401, "auth.authorization_header_missing");
    },
  },
];

function read({ call }: Context, token: string | null) {
  return call("GET", anything, { query: { organizationId: "contract" }, token });
}

async function tokenOf({ target, requestToken }: Context, form: Record<string, string>) {
  const client = { client_id: target.appId, client_secret: target.appSecret };
  const reply = await requestToken({
    grant_type: "client_credentials",
    resource: target.resource,
    ...client,
    ...form,
  });
  expectStatus(reply, 200);
  return v.parse(v.object({ access_token: v.string() }), reply.json).access_token;
}

function refusedResource(what: string, resource: (logto: Context) => string): Case {
  return {
    name: `${what} is refused with 400`,
    async run(logto) {
      const { target, requestToken } = logto;
      const form = { ...grant, resource: resource(logto) };
      const reply = await requestToken(form, [target.appId, target.appSecret]);
      expectError(reply, 400, "oidc.invalid_target");
    },
  };
}

function uselessToken(what: string, form: Record<string, string>): Case {
  return {
    name: `${what} is given with 200, and the API refuses it with 403`,
    async run(logto) {
      const token = await tokenOf(logto, form);
      expectError(await read(logto, token), 403, "auth.forbidden");
    },
  };
}
