import { describe, expect, test } from "vitest";
import { errorOf, parseRetryAfter } from "../../../lib/logto/answer.ts";
import {
  type LogtoError,
  NotConfiguredError,
  UnavailableError,
} from "../../../lib/logto/errors.ts";
import { createHttp } from "../../../lib/logto/http.ts";
import type { Operation } from "../../../lib/logto/operations.ts";
import { type Answerer, answerJson, startAnsweringServer } from "./answering-server.ts";
import { thrownBy } from "./thrown.ts";

/** An error may quote the e-mail connector's request: 4 MiB. */
const ERROR_LIMIT_BYTES = 4_194_304;

const now = Date.parse("2026-03-01T12:00:00Z");
const inSeconds = (seconds: number) => new Date(now + seconds * 1000).toUTCString();

describe("Retry-After", () => {
  test.each([
    ["0", 0],
    ["1", 1],
    ["120", 120],
    [" 7 ", 7],
    ["007", 7],
    ["3600", 3_600],
    ["3601", 3_600],
    ["99999999999999999999", 3_600],
    [inSeconds(0), 0],
    [inSeconds(90), 90],
    [inSeconds(-90), 0],
    [inSeconds(86_400), 3_600],
    ["Sunday, 01-Mar-26 12:01:30 GMT", 90],
  ])("'%s' is %i seconds", (header, seconds) => {
    expect(parseRetryAfter(header, now)).toBe(seconds);
  });

  test("a date between two seconds is waited for to its end", () => {
    expect(parseRetryAfter(inSeconds(90), now + 1)).toBe(90);
    expect(parseRetryAfter(inSeconds(90), now + 999)).toBe(90);
  });

  test.each([undefined, "", " ", "soon", "NaN", "Infinity", "٣", "0x10", "1e3", "--"])(
    "%j says nothing",
    (header) => {
      expect(parseRetryAfter(header, now)).toBeUndefined();
    },
  );

  test.each([
    ...["-1", "+5", "1.5", "1,5", "1, 2", "5s", "12 seconds", "soon 5"],
    ...["2026-03-01T12:01:30.000Z", "01 Mar 2026 12:01:30 GMT", "Mar 1, 2026", "Sun, soon"],
  ])("%j is no whole number of seconds and no HTTP date, and says nothing", (header) => {
    expect(parseRetryAfter(header, now)).toBeUndefined();
  });
});

/** What `errorOf` makes of what a server answers. */
async function errorFrom(operation: Operation, answerer: Answerer): Promise<LogtoError> {
  await using server = await startAnsweringServer(answerer);
  const answer = await createHttp()({
    method: "GET",
    url: server.credentials.endpoint,
    headers: {},
    signal: new AbortController().signal,
  });
  return await errorOf(operation, answer);
}

describe("the error of an answer", () => {
  test("carries what Retry-After asked for", async () => {
    const answerer: Answerer = (response) => {
      response.writeHead(429, { "retry-after": "9" }).end();
    };

    expect(await errorFrom("invitations.get", answerer)).toMatchObject({ retryAfterSeconds: 9 });
  });

  test("reads OAuth's error where there is no code", async () => {
    const answerer = answerJson(401, { error: "invalid_client" });

    expect(await errorFrom("token", answerer)).toMatchObject({ code: "oidc.invalid_client" });
  });

  test("reads no OAuth error but that of the token endpoint: in the API it is a proxy's", async () => {
    const error = await errorFrom("invitations.delete", answerJson(404, { error: "not_found" }));

    expect(error).toBeInstanceOf(NotConfiguredError);
    expect(error).toHaveProperty("code", undefined);
  });

  test("prefers the code", async () => {
    const answerer = answerJson(400, { error: "other", code: "oidc.invalid_target" });

    expect(await errorFrom("token", answerer)).toMatchObject({ code: "oidc.invalid_target" });
  });

  test("of more than 4 MiB is no answer of Logto, and is not read to its end", async () => {
    const endless: Answerer = (response) => {
      const chunk = Buffer.alloc(65_536, "x");
      const more = () => {
        while (!response.destroyed && response.write(chunk)) {
          // Until the reader has enough.
        }
      };
      response.writeHead(422).on("drain", more);
      more();
    };

    const error = await thrownBy(errorFrom("invitations.get", endless));

    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ code: "body-too-large", status: 422 });
  });

  test("of 4 MiB to the byte keeps its code, and of a byte more has none", async () => {
    const ofLength =
      (bytes: number): Answerer =>
      (response) => {
        const [before, after] = ['{"code":"entity.not_found","data":"', '"}'];
        response.writeHead(404).write(before);
        response.end("x".repeat(bytes - before.length - after.length) + after);
      };

    expect(await errorFrom("invitations.get", ofLength(ERROR_LIMIT_BYTES))).toMatchObject({
      code: "entity.not_found",
    });
    await expect(errorFrom("invitations.get", ofLength(ERROR_LIMIT_BYTES + 1))).rejects.toThrow(
      UnavailableError,
    );
  });
});
