import { expect, onTestFinished, test } from "vitest";
import { createHttp } from "../../../lib/logto/http.ts";
import { type Answerer, answerJson, drop, startAnsweringServer } from "./answering-server.ts";
import { clientWith } from "./test-client.ts";

const reason = new Error("the caller's own reason");

/** What nobody listened to, in this process and from now on. */
function rejectionsOfNobody(): readonly unknown[] {
  const seen: unknown[] = [];
  const see = (error: unknown) => seen.push(error);
  process.on("unhandledRejection", see);
  onTestFinished(() => {
    process.off("unhandledRejection", see);
  });
  return seen;
}

/** Until every promise that is settled by now has told so. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("credentials that fail after their only reader gave up end nothing", async () => {
  const unhandled = rejectionsOfNobody();
  await using server = await startAnsweringServer(answerJson(200, { id: "an-id" }));
  const reading = Promise.withResolvers<never>();
  const controller = new AbortController();
  const credentials = { get: () => reading.promise, refresh: () => reading.promise };
  const client = clientWith(server.credentials, { credentials });

  const call = client.on({ signal: controller.signal }).invitations.get("an-id");
  controller.abort(reason);
  await expect(call).rejects.toBe(reason);
  reading.reject(new Error("the secret cannot be read"));

  await settled();
  expect(unhandled).toEqual([]);
});

test("credentials that fail after their reader gave up while asking end nothing", async () => {
  const unhandled = rejectionsOfNobody();
  await using server = await startAnsweringServer(answerJson(200, { id: "an-id" }));
  const reading = Promise.withResolvers<never>();
  const controller = new AbortController();
  const get = () => {
    controller.abort(reason);
    return reading.promise;
  };
  const client = clientWith(server.credentials, { credentials: { get, refresh: get } });

  const call = client.on({ signal: controller.signal }).invitations.get("an-id");
  await expect(call).rejects.toBe(reason);
  reading.reject(new Error("the secret cannot be read"));

  await settled();
  expect(unhandled).toEqual([]);
});

test.each<[string, Answerer]>([
  ["is refused", answerJson(400, { code: "oidc.invalid_target" })],
  ["is dropped", drop],
])("a token that %s after its only caller gave up ends nothing", async (_what, answer) => {
  const unhandled = rejectionsOfNobody();
  const asked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<void>();
  await using server = await startAnsweringServer(
    answerJson(200, { id: "an-id" }),
    async (response, request, nth) => {
      asked.resolve();
      await released.promise;
      await answer(response, request, nth);
    },
  );
  const controller = new AbortController();
  const client = clientWith(server.credentials, { onCall: () => failed.resolve() });

  const call = client.on({ signal: controller.signal }).invitations.get("an-id");
  await asked.promise;
  controller.abort(reason);
  await expect(call).rejects.toBe(reason);
  released.resolve();
  await failed.promise;

  await settled();
  expect(unhandled).toEqual([]);
});

test("a token that fails after its caller gave up while asking ends nothing", async () => {
  const unhandled = rejectionsOfNobody();
  const failed = Promise.withResolvers<void>();
  await using server = await startAnsweringServer(answerJson(200, { id: "an-id" }), drop);
  const controller = new AbortController();
  const client = clientWith(server.credentials, {
    // The token is asked for right away, so nobody waits for it yet.
    http: (request) => {
      controller.abort(reason);
      return createHttp()(request);
    },
    onCall: () => failed.resolve(),
  });

  const call = client.on({ signal: controller.signal }).invitations.get("an-id");
  await expect(call).rejects.toBe(reason);
  await failed.promise;

  await settled();
  expect(unhandled).toEqual([]);
  expect(server.tokenRequests).toHaveLength(1);
  expect(server.requests).toEqual([]);
});
