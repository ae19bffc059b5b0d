import { describe, expect, test } from "vitest";
import { errorOf, parseRetryAfter, withBodyLimit } from "../../../lib/logto/answer.ts";
import { UnavailableError } from "../../../lib/logto/errors.ts";
import { thrownBy } from "./thrown.ts";

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
    [new Date(now + 90_000).toISOString(), 90],
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
});

describe("the error of an answer", () => {
  test("carries what Retry-After asked for", async () => {
    const response = new Response("", { status: 429, headers: { "retry-after": "9" } });

    expect(await errorOf("invitations.get", response)).toMatchObject({ retryAfterSeconds: 9 });
  });

  test("reads OAuth's error where there is no code", async () => {
    const response = Response.json({ error: "oidc.invalid_client" }, { status: 401 });

    expect(await errorOf("token", response)).toMatchObject({ code: "oidc.invalid_client" });
  });

  test("prefers the code", async () => {
    const response = Response.json(
      { error: "other", code: "oidc.invalid_target" },
      { status: 400 },
    );

    expect(await errorOf("token", response)).toMatchObject({ code: "oidc.invalid_target" });
  });

  test("of more than 64 KiB is not read to its end", async () => {
    let given = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        given++;
        controller.enqueue(new Uint8Array(16_384).fill(120));
      },
    });

    const error = await errorOf("invitations.get", new Response(body, { status: 500 }));

    expect(error).toBeInstanceOf(UnavailableError);
    expect(given).toBeLessThan(10);
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
