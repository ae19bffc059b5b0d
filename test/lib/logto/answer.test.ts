import { describe, expect, test } from "vitest";
import { errorOf, parseRetryAfter, withBodyLimit } from "../../../lib/logto/answer.ts";
import { NotConfiguredError, UnavailableError } from "../../../lib/logto/errors.ts";
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

  test.each([null, "", " ", "soon", "NaN", "Infinity", "٣", "0x10", "1e3", "--"])(
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

describe("the error of an answer", () => {
  test("carries what Retry-After asked for", async () => {
    const response = new Response("", { status: 429, headers: { "retry-after": "9" } });

    expect(await errorOf("invitations.get", response)).toMatchObject({ retryAfterSeconds: 9 });
  });

  test("reads OAuth's error where there is no code", async () => {
    const response = Response.json({ error: "invalid_client" }, { status: 401 });

    expect(await errorOf("token", response)).toMatchObject({ code: "oidc.invalid_client" });
  });

  test("reads no OAuth error but that of the token endpoint: in the API it is a proxy's", async () => {
    const response = Response.json({ error: "not_found" }, { status: 404 });

    const error = await errorOf("invitations.delete", response);

    expect(error).toBeInstanceOf(NotConfiguredError);
    expect(error).toHaveProperty("code", undefined);
  });

  test("prefers the code", async () => {
    const response = Response.json(
      { error: "other", code: "oidc.invalid_target" },
      { status: 400 },
    );

    expect(await errorOf("token", response)).toMatchObject({ code: "oidc.invalid_target" });
  });

  test("of more than 4 MiB is no answer of Logto, and is not read to its end", async () => {
    const CHUNK_BYTES = 65_536;
    let givenBytes = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        givenBytes += CHUNK_BYTES;
        controller.enqueue(new Uint8Array(CHUNK_BYTES).fill(120));
      },
    });

    const error = await thrownBy(errorOf("invitations.get", new Response(body, { status: 422 })));

    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ code: "body-too-large", status: 422 });
    expect(givenBytes).toBeLessThanOrEqual(ERROR_LIMIT_BYTES + 4 * CHUNK_BYTES);
  });

  test("of 4 MiB to the byte keeps its code, and of a byte more has none", async () => {
    const bodyOf = (bytes: number) => {
      const [before, after] = ['{"code":"entity.not_found","data":"', '"}'];
      return before + "x".repeat(bytes - before.length - after.length) + after;
    };
    const longest = new Response(bodyOf(ERROR_LIMIT_BYTES), { status: 404 });
    const tooLong = new Response(bodyOf(ERROR_LIMIT_BYTES + 1), { status: 404 });

    expect(await errorOf("invitations.get", longest)).toMatchObject({ code: "entity.not_found" });
    await expect(errorOf("invitations.get", tooLong)).rejects.toThrow(UnavailableError);
  });
});

describe("the limit of a body", () => {
  const chunked = (...chunks: string[]) =>
    new Response(ReadableStream.from(chunks.map((chunk) => new TextEncoder().encode(chunk))));

  test("leaves a body that is as long as it may be", async () => {
    const limited = withBodyLimit("invitations.list", chunked("12345", "67890"), 10);

    expect(await limited.text()).toBe("1234567890");
  });

  test("fails a body that is a byte longer", async () => {
    const limited = withBodyLimit("invitations.list", chunked("12345", "67890", "1"), 10);

    const error = await thrownBy(limited.text());

    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ code: "body-too-large", operation: "invitations.list" });
  });

  test("counts bytes, not characters", async () => {
    const limited = withBodyLimit("invitations.list", chunked("ääää"), 7);

    await expect(limited.text()).rejects.toThrow(UnavailableError);
  });

  test("refuses a body that announces to be longer, without reading it", () => {
    const response = new Response("12345678901", { headers: { "content-length": "11" } });

    expect(() => withBodyLimit("invitations.list", response, 10)).toThrow(UnavailableError);
  });

  test("counts a compressed body when it is no longer compressed", async () => {
    const response = new Response("12345678901", {
      headers: { "content-length": "3", "content-encoding": "gzip" },
    });

    await expect(withBodyLimit("invitations.list", response, 10).text()).rejects.toThrow(
      UnavailableError,
    );
  });

  test("keeps status and headers", () => {
    const response = new Response(ReadableStream.from([]), {
      status: 201,
      headers: { "total-number": "3" },
    });

    const limited = withBodyLimit("invitations.list", response, 10);

    expect(limited.status).toBe(201);
    expect(limited.headers.get("total-number")).toBe("3");
  });

  test("leaves an answer without a body as it is", () => {
    const response = new Response(null, { status: 204 });

    expect(withBodyLimit("invitations.list", response, 10)).toBe(response);
  });
});
