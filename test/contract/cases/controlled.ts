import * as v from "valibot";
import { expect, vi } from "vitest";
import type { ControlledCase } from "../controlled.ts";
import { expectError, expectStatus, ids } from "../expect.ts";
import type { Context } from "../harness.ts";

const path = "/api/organization-invitations";
const minuteMs = 60 * 1000;

export const controlledCases: readonly ControlledCase[] = [
  {
    name: "A failing provider answers 400 and rolls the invitation back",
    needs: "an e-mail provider that fails",
    async run(logto, standIn) {
      standIn.faults.add({ on: "*", action: { kind: "emailOutage" } });
      const { input, reply } = await createWithEmail(logto);
      expectError(reply, 400, "connector.general");
      expect(reply.headers.get("retry-after")).toBeNull();
      expect(standIn.outbox).toEqual([]);
      await expectInvitations(logto, input.organizationId, 0);
    },
  },
  {
    name: "The answer about a failing provider holds the connector's own request, secrets included",
    needs: "an e-mail provider that fails",
    async run(logto, standIn) {
      standIn.faults.add({ on: "*", action: { kind: "emailOutage" } });
      const link = "https://contract.invalid/join";
      const { input, reply } = await createWithEmail(logto, { link });
      expect(reply.text).toContain("authorization");
      expect(reply.text).toContain(link);
      expect(reply.text).toContain(input.invitee);
    },
  },
  {
    name: "A failing provider answers 400 to a message, too",
    needs: "an e-mail provider that fails",
    async run({ call, invitation }, standIn) {
      standIn.faults.add({ on: "*", action: { kind: "emailOutage" } });
      const { id } = await invitation();
      const reply = await call("POST", `${path}/${id}/message`, { body: {} });
      expectError(reply, 400, "connector.general");
    },
  },
  {
    name: "Failed sends do not count towards the message limit",
    needs: "an e-mail provider that fails",
    async run({ call, invitation }, standIn) {
      const { id } = await invitation();
      const mail = () => call("POST", `${path}/${id}/message`, { body: {} });
      standIn.faults.add({ on: "*", action: { kind: "emailOutage" }, times: 15 });
      for (let failed = 0; failed < 15; failed += 1) {
        expectError(await mail(), 400, "connector.general");
      }
      for (let sent = 0; sent < 10; sent += 1) expectStatus(await mail(), 204);
      expectError(await mail(), 429, "request.message_rate_limited");
    },
  },
  {
    name: "A connector without a template answers 400 and rolls the invitation back",
    needs: "a connector without a template",
    async run(logto, standIn) {
      standIn.faults.add({ on: "*", action: { kind: "noEmailTemplate" } });
      const { input, reply } = await createWithEmail(logto);
      expectError(reply, 400, "connector.template_not_found");
      await expectInvitations(logto, input.organizationId, 0);
    },
  },
  {
    name: "A slow e-mail ends in an invitation as long as the transaction lasts",
    needs: "a slow e-mail provider",
    options: { emailDelayMs: 50, transactionTimeoutMs: 10_000 },
    async run(logto) {
      expectStatus((await createWithEmail(logto)).reply, 201);
    },
  },
  {
    name: "An e-mail slower than the transaction lasts is delivered, but no invitation is made",
    needs: "a slow e-mail provider",
    options: { emailDelayMs: 50, transactionTimeoutMs: 10 },
    async run(logto, standIn) {
      const { input, reply } = await createWithEmail(logto);
      expectStatus(reply, 500);
      expect(standIn.outbox).toHaveLength(1);
      await expectInvitations(logto, input.organizationId, 0);
    },
  },
  {
    name: "The message limit is over ten minutes after the messages",
    needs: "a clock that can be moved",
    async run({ call, invitation, tomorrow }, _, clock) {
      const { id } = await invitation({ expiresAt: tomorrow() });
      const mail = () => call("POST", `${path}/${id}/message`, { body: {} });
      for (let sent = 0; sent < 10; sent += 1) expectStatus(await mail(), 204);
      clock.advance(327_000);
      expectError(await mail(), 429, "request.message_rate_limited");
      clock.advance(604_000 - 327_000);
      expectStatus(await mail(), 204);
    },
  },
  {
    name: "The message limit slides",
    needs: "a clock that can be moved",
    async run({ call, invitation }, _, clock) {
      const { id } = await invitation();
      const mail = () => call("POST", `${path}/${id}/message`, { body: {} });
      for (let sent = 0; sent < 10; sent += 1) {
        expectStatus(await mail(), 204);
        clock.advance(minuteMs);
      }
      clock.advance(1);
      expectStatus(await mail(), 204);
      expectError(await mail(), 429, "request.message_rate_limited");
    },
  },
  {
    name: "Messages to one recipient in parallel slip past the limit, by eight at most",
    needs: "a slow e-mail provider",
    options: { emailDelayMs: 30 },
    async run({ atOnce, call, invitation }, standIn) {
      const { id } = await invitation();
      const mail = () => call("POST", `${path}/${id}/message`, { body: {} });
      const replies = await atOnce(Array.from({ length: 20 }, () => mail));
      const sent = replies.filter(({ status }) => status === 204).length;
      expect(sent).toBeGreaterThanOrEqual(10);
      expect(sent).toBeLessThanOrEqual(18);
      expect(standIn.outbox).toHaveLength(sent);
    },
  },
  {
    name: "An expired token is refused with 401",
    needs: "a clock that can be moved",
    async run({ call }, standIn, clock) {
      expectStatus(await call("GET", path), 200);
      clock.advance(60 * minuteMs);
      expectError(await call("GET", path), 401, "auth.unauthorized");
      expect(standIn.calls.count("POST /oidc/token")).toBe(1);
    },
  },
  {
    name: "Nineteen creates with e-mail at once all succeed",
    needs: "a Logto nobody else is using",
    options: { emailDelayMs: 30, connectionTimeoutMs: 10_000 },
    async run(logto) {
      const replies = await createManyWithEmail(logto, 19);
      for (const reply of replies) expectStatus(reply, 201);
    },
  },
  {
    name: "Creates with e-mail that hold every connection starve, and so do unrelated requests",
    needs: "a Logto nobody else is using",
    options: { databaseConnections: 3, emailDelayMs: 500, connectionTimeoutMs: 300 },
    async run(logto, standIn) {
      const { id } = await logto.organization();
      const creating = createManyWithEmail(logto, 3);
      await vi.waitFor(() => expect(standIn.databaseUsage().held).toBe(3), {
        interval: 1,
        timeout: 5000,
      });
      const unrelated = logto.call("GET", `/api/organizations/${id}`);
      await vi.waitFor(() => expect(standIn.databaseUsage().waiting).toBeGreaterThan(0), {
        timeout: 5000,
      });

      const replies = await creating;
      const failed = replies.filter(({ status }) => status === 500);
      expect(failed.length).toBeGreaterThan(0);
      const created = replies.filter(({ status }) => status === 201);
      expect(standIn.state.invitations.size).toBe(created.length);
      expect([200, 500]).toContain((await unrelated).status);
      expect(standIn.databaseUsage()).toEqual({ held: 0, waiting: 0 });
    },
  },
  {
    name: "Fifty messages at once do not starve",
    needs: "a Logto nobody else is using",
    options: { emailDelayMs: 20, connectionTimeoutMs: 10_000 },
    async run({ atOnce, call, invitation }) {
      const invitations = await Promise.all(Array.from({ length: 50 }, () => invitation()));
      const replies = await atOnce(
        invitations.map(
          ({ id }) =>
            () =>
              call("POST", `${path}/${id}/message`, { body: {} }),
        ),
      );
      for (const reply of replies) expectStatus(reply, 204);
    },
  },
  {
    name: "A client that goes away while the e-mail is sent leaves an invitation, and its retry is refused",
    needs: "a slow e-mail provider",
    options: { emailDelayMs: 200 },
    async run(logto, standIn) {
      const body = { ...(await logto.invitationInput()), messagePayload: {} };
      const { token, signal, leave } = await impatientClient(logto);
      const lost = fetch(`${standIn.endpoint}${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
        signal,
      });
      await vi.waitFor(() => expect(standIn.databaseUsage().held).toBe(1), {
        interval: 1,
        timeout: 5000,
      });
      leave();
      await expect(lost).rejects.toThrow();
      await vi.waitFor(() => expect(standIn.state.invitations.size).toBe(1), { timeout: 10_000 });
      expect(standIn.outbox).toHaveLength(1);

      const retry = await logto.call("POST", path, { body });
      expectError(retry, 422, "entity.unique_integrity_violation");
    },
  },
  {
    name: "An expiry the database holds and nobody can read spoils every list it is in",
    needs: "a Logto nobody else is using",
    async run(logto) {
      const input = await logto.invitationInput({ expiresAt: 9_000_000_000_000_000 });
      await logto.call("POST", path, { body: input });
      const other = await logto.invitation();
      expectStatus(await logto.call("GET", path), 500);
      const { organizationId } = input;
      expectStatus(await logto.call("GET", path, { query: { organizationId } }), 500);
      await expectInvitations(logto, other.organizationId, 1);
    },
  },
  {
    name: "Above a tenant's request budget Logto answers 429 without a Retry-After",
    needs: "a tenant with a request budget",
    options: { requestLimit: { requests: 5, perMs: 10_000 } },
    async run({ call }, _, clock) {
      for (let sent = 0; sent < 4; sent += 1) expectStatus(await call("GET", path), 200);
      const refused = await call("GET", path);
      expectStatus(refused, 429);
      expect(refused.headers.get("retry-after")).toBeNull();
      clock.advance(10_000);
      expectStatus(await call("GET", path), 200);
    },
  },
];

async function createWithEmail(logto: Context, messagePayload: unknown = {}) {
  const input = await logto.invitationInput();
  const reply = await logto.call("POST", path, { body: { ...input, messagePayload } });
  return { input, reply };
}

async function createManyWithEmail(
  { address, atOnce, call, invitationInput }: Context,
  count: number,
) {
  const input = { ...(await invitationInput()), messagePayload: {} };
  return atOnce(
    Array.from({ length: count }, () => () => {
      return call("POST", path, { body: { ...input, invitee: address() } });
    }),
  );
}

async function expectInvitations({ call }: Context, organizationId: string, count: number) {
  expect(ids(await call("GET", path, { query: { organizationId } }))).toHaveLength(count);
}

async function impatientClient({ target, requestToken }: Context) {
  const form = { grant_type: "client_credentials", resource: target.resource, scope: "all" };
  const reply = await requestToken(form, [target.appId, target.appSecret]);
  const controller = new AbortController();
  const { access_token: token } = v.parse(v.object({ access_token: v.string() }), reply.json);
  return { token, signal: controller.signal, leave: () => controller.abort() };
}
