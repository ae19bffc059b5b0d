import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { LogtoError, UnavailableError } from "../../../lib/logto/errors.ts";
import {
  type Answerer,
  answerJson,
  answerText,
  noContent,
  startAnsweringServer,
} from "./answering-server.ts";
import { type ApiOperation, callOf, someArguments } from "./every-operation.ts";
import { clientWith } from "./test-client.ts";
import { thrownBy } from "./thrown.ts";

const entityCalls: readonly ApiOperation[] = [
  "invitations.create",
  "invitations.get",
  "invitations.updateStatus",
  "organizations.get",
  "oneTimeTokens.create",
];
const listCalls: readonly ApiOperation[] = [
  "invitations.list",
  "organizationRoles.list",
  "organizationRoles.listResourceScopes",
  "resources.list",
  "organizations.list",
  "users.list",
];
const silentCalls: readonly ApiOperation[] = [
  "invitations.delete",
  "invitations.resendMessage",
  "organizationRoles.replaceResourceScopes",
  "organizationRoles.removeResourceScope",
];

/** What a call to a server with this answer ends in. */
async function errorAfter(operation: ApiOperation, answer: Answerer) {
  await using server = await startAnsweringServer(answer);

  const error = await thrownBy(callOf[operation](clientWith(server.credentials), someArguments));

  expect(error).toBeInstanceOf(UnavailableError);
  expect(error).toMatchObject({ operation });
  expect(server.requests).toHaveLength(1);
  return error;
}

const page = answerText(200, "<!doctype html><title>Sign in</title>", {
  "content-type": "text/html",
});

const chunked =
  (status: number, ...chunks: readonly string[]): Answerer =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json" });
    for (const chunk of chunks) response.write(chunk);
    response.end();
  };

describe("where JSON is due", () => {
  test.each([...entityCalls, ...listCalls])("%s takes a page for an outage", async (operation) => {
    expect(await errorAfter(operation, page)).toMatchObject({ code: "not-json", status: 200 });
  });

  test.each([...entityCalls, ...listCalls])(
    "%s takes half an answer for one",
    async (operation) => {
      expect(await errorAfter(operation, chunked(200, '{"id":"an-'))).toMatchObject({
        code: "not-json",
      });
    },
  );

  test.each([...entityCalls, ...listCalls])("%s takes an empty body for one", async (operation) => {
    const code = "unexpected-body";

    expect(await errorAfter(operation, answerText(200, ""))).toMatchObject({ code });
    expect(await errorAfter(operation, chunked(200))).toMatchObject({ code });
    expect(await errorAfter(operation, noContent)).toMatchObject({ code });
  });
});

describe("an answer of another shape", () => {
  const noEntities = [{}, [], null, "text", 42, true, { id: "" }, { id: 1 }, { data: { id: "x" } }];
  const noLists = [
    {},
    null,
    "text",
    42,
    [null],
    [{}],
    ["id"],
    [{ id: "x" }, { id: 1 }],
    { data: [] },
  ];
  const everyCall = [...entityCalls, ...listCalls].map((operation) => [operation, {}] as const);
  const everyEntity = noEntities.map((content) => ["invitations.get", content] as const);
  const everyList = noLists.map((content) => ["organizationRoles.list", content] as const);

  test.each([...everyCall, ...everyEntity, ...everyList])(
    "is an outage to %s: %j",
    async (operation, content) => {
      const error = await errorAfter(operation, chunked(200, JSON.stringify(content)));

      expect(error).toMatchObject({ code: "unexpected-body", status: 200 });
    },
  );
});

describe("where an answer has nothing to say but that it was done", () => {
  const otherStatuses: readonly (readonly [ApiOperation, number])[] = [
    ...silentCalls.flatMap((operation) =>
      [200, 201, 202].map((status) => [operation, status] as const),
    ),
    ["organizationRoles.assignResourceScopes", 200],
    ["organizationRoles.assignResourceScopes", 202],
  ];

  test.each(otherStatuses)("%s takes a %i for an outage", async (operation, status) => {
    const code = "unexpected-status";

    expect(await errorAfter(operation, answerJson(status, {}))).toMatchObject({ code, status });
    expect(await errorAfter(operation, answerText(status, ""))).toMatchObject({ code, status });
  });

  test("assigning scopes takes a 204 for an outage", async () => {
    const operation = "organizationRoles.assignResourceScopes";

    expect(await errorAfter(operation, noContent)).toMatchObject({
      code: "unexpected-status",
      status: 204,
    });
  });
});

describe("a body beyond 16 MiB", () => {
  const LIMIT_BYTES = 16_777_216;

  test("is refused by its announcement, without waiting for it", async () => {
    const error = await errorAfter("organizations.get", (response) => {
      response.writeHead(200, { "content-length": LIMIT_BYTES + 1 }).write('{"id":"');
    });

    expect(error).toMatchObject({ code: "body-too-large", status: 200 });
  });

  test("is refused while it is read when nothing announces it, and read no further", async () => {
    const closed = Promise.withResolvers<void>();
    let sentBytes = 0;
    const error = await errorAfter("organizations.get", (response) => {
      response.once("close", closed.resolve);
      response.writeHead(200).write('{"id":"');
      const chunk = "x".repeat(65_536);
      const send = () => {
        if (response.destroyed) return;
        sentBytes += chunk.length;
        response.write(chunk, send);
      };
      send();
    });

    expect(error).toMatchObject({ code: "body-too-large", status: 200 });
    await closed.promise;
    expect(sentBytes).toBeLessThan(3 * LIMIT_BYTES);
  });

  test("is refused when it was compressed to less", async () => {
    const compressed = gzipSync(Buffer.alloc(LIMIT_BYTES + 1, " "));
    const headers = { "content-encoding": "gzip", "content-length": compressed.length };

    const error = await errorAfter("organizations.get", (response) => {
      response.writeHead(200, headers).end(compressed);
    });

    expect(error).toMatchObject({ code: "body-too-large", status: 200 });
  });

  test("is taken for a list of invitations, which Logto never pages", async () => {
    const invitations = [{ id: "first", padding: "x".repeat(LIMIT_BYTES) }, { id: "second" }];
    await using server = await startAnsweringServer(answerJson(200, invitations));

    const listed = await Array.fromAsync(clientWith(server.credentials).invitations.list());

    expect(listed.map(({ id }) => id)).toEqual(["first", "second"]);
  });

  test("is refused for a list of invitations beyond 256 MiB", async () => {
    const error = await errorAfter("invitations.list", (response) => {
      response.writeHead(200, { "content-length": 268_435_457 }).write("[");
    });

    expect(error).toMatchObject({ code: "body-too-large" });
  });
});

describe("a body that ends too early", () => {
  test("is an outage", async () => {
    await using server = await startAnsweringServer((response) => {
      response.writeHead(201, { "content-length": "100" }).write('{"id":"an-', () => {
        response.socket?.destroy();
      });
    });
    const { oneTimeTokens } = clientWith(server.credentials);

    const error = await thrownBy(oneTimeTokens.create({ email: "a@example.com", expiresIn: 60 }));

    expect(error).toBeInstanceOf(UnavailableError);
    expect(server.requests).toHaveLength(1);
  });
});

test.each([205, 600, 999])("a status of %i is an error like others", async (status) => {
  await using server = await startAnsweringServer((response) => {
    response.writeHead(status).end();
  });

  const call = clientWith(server.credentials).organizations.get("an-id");

  expect(await thrownBy(call)).toBeInstanceOf(LogtoError);
});
