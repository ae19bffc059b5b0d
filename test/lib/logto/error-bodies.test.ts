import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  EmailProviderFailedError,
  NotFoundError,
  UnavailableError,
} from "../../../lib/logto/errors.ts";
import {
  type Answerer,
  answerJson,
  inTurn,
  noContent,
  startAnsweringServer,
} from "./answering-server.ts";
import { countedSecret } from "./counted-secret.ts";
import { callOf, someArguments } from "./every-operation.ts";
import { clientWith } from "./test-client.ts";
import { thrownBy } from "./thrown.ts";

const LIMIT_BYTES = 4_194_304;

/** An error that breaks off: the connection closes in the middle of the code, or right behind it. */
const broken =
  (status: number, begun: string, headers: Record<string, string>): Answerer =>
  (response) => {
    response.writeHead(status, headers).write(begun, () => response.socket?.destroy());
  };

describe("an error that breaks off", () => {
  const CODE = '{"code":"entity.not_found"';
  const announced = { "content-length": "100" };

  test.each([
    ["of 400", 400, '{"code":"connector.gen', announced],
    ["of 404", 404, CODE, announced],
    ["of 422", 422, '{"code":"entity', announced],
    ["of 429", 429, "{", announced],
    ["of 501", 501, "{", announced],
    ["in chunks", 404, CODE, {}],
  ])("%s is an outage, whatever it began to say", async (_what, status, begun, headers) => {
    await using server = await startAnsweringServer(broken(status, begun, headers));

    const error = await thrownBy(
      callOf["invitations.create"](clientWith(server.credentials), someArguments),
    );

    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ operation: "invitations.create", status: undefined });
    expect(error).toHaveProperty("code", expect.stringMatching(/^(UND_ERR_SOCKET|ECONNRESET)$/));
    expect(server.requests).toHaveLength(1);
  });

  test("is asked for again where that does no harm", async () => {
    await using server = await startAnsweringServer(
      inTurn(broken(404, CODE, announced), noContent),
    );
    const client = clientWith(server.credentials, { random: () => 0 });

    await client.invitations.delete("an-id");

    expect(server.requests).toHaveLength(2);
  });

  test("in place of a token says nothing about the credentials: they are not read again", async () => {
    await using server = await startAnsweringServer(
      answerJson(200, { id: "an-id" }),
      broken(401, '{"code":"oidc.invalid_client"', announced),
    );
    const credentials = countedSecret(JSON.stringify(server.credentials));
    const client = clientWith(server.credentials, { credentials });

    const error = await thrownBy(
      client.oneTimeTokens.create({ email: "ada@example.com", expiresIn: 60 }),
    );

    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ operation: "token", status: undefined });
    expect(credentials.reads).toBe(1);
    expect(server.tokenRequests).toHaveLength(1);
  });
});

describe("a long error", () => {
  /** An error with the connector's request in it, of so many bytes. */
  const errorOfBytes = (code: string, bytes: number): string => {
    const [before, after] = [`{"code":"${code}","data":"`, '"}'];
    return before + "x".repeat(bytes - before.length - after.length) + after;
  };
  const answer =
    (status: number, body: string): Answerer =>
    (response) => {
      response.writeHead(status, { "content-type": "application/json" }).end(body);
    };

  test.each([70_000, 1_048_576, LIMIT_BYTES])(
    "of %i bytes keeps its code: a provider that failed is no error of the event",
    async (bytes) => {
      const body = errorOfBytes("connector.general", bytes);
      await using server = await startAnsweringServer(answer(400, body));

      const error = await thrownBy(
        clientWith(server.credentials).invitations.resendMessage("x", {}),
      );

      expect(error).toBeInstanceOf(EmailProviderFailedError);
      expect(error).toMatchObject({ code: "connector.general", status: 400 });
    },
  );

  test.each([400, 404, 422])("of over 4 MiB is no answer of Logto: %i", async (status) => {
    const body = errorOfBytes("entity.not_found", LIMIT_BYTES + 1);
    await using server = await startAnsweringServer(answer(status, body));

    const error = await thrownBy(clientWith(server.credentials).invitations.delete("an-id"));

    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({
      operation: "invitations.delete",
      code: "body-too-large",
      status,
    });
    expect(server.requests).toHaveLength(1);
  });

  test("is measured when it is no longer compressed", async () => {
    const compressed = gzipSync(errorOfBytes("entity.not_found", LIMIT_BYTES + 1));
    await using server = await startAnsweringServer((response) => {
      response.writeHead(404, { "content-encoding": "gzip" }).end(compressed);
    });

    const error = await thrownBy(clientWith(server.credentials).invitations.get("an-id"));

    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ code: "body-too-large" });
  });

  test("that never ends is let go of at the limit", async () => {
    const closed = Promise.withResolvers<void>();
    await using server = await startAnsweringServer((response) => {
      response.once("close", closed.resolve);
      response.writeHead(422).write('{"code":"');
      const chunk = "x".repeat(65_536);
      const send = () => {
        if (!response.destroyed) response.write(chunk, send);
      };
      send();
    });

    const error = await thrownBy(clientWith(server.credentials).invitations.get("an-id"));

    expect(error).toMatchObject({ code: "body-too-large", status: 422 });
    await closed.promise;
  });

  test("leaves the next call as good as ever", async () => {
    const long = answer(422, errorOfBytes("entity.too_long", LIMIT_BYTES + 1));
    const notFound = answerJson(404, { code: "entity.not_found" });
    await using server = await startAnsweringServer(inTurn(long, notFound));
    const { invitations } = clientWith(server.credentials);

    await thrownBy(invitations.get("an-id"));

    expect(await thrownBy(invitations.get("an-id"))).toBeInstanceOf(NotFoundError);
  });
});
