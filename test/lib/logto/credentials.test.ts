import { describe, expect, test } from "vitest";
import {
  fixedCredentials,
  InvalidCredentialsError,
  parseCredentials,
} from "../../../lib/logto/credentials.ts";

const secret = (fields: Record<string, unknown> = {}): string =>
  JSON.stringify({
    endpoint: "https://auth.example.com",
    appId: "an-app",
    appSecret: "a-secret",
    ...fields,
  });

const messageOf = (text: string): string => {
  try {
    parseCredentials(text);
  } catch (error) {
    if (error instanceof InvalidCredentialsError) return error.message;
    throw error;
  }
  throw new Error("The secret was taken.");
};

test("a secret holds the endpoint, the app's id and its secret", () => {
  expect(parseCredentials(secret())).toMatchObject({
    endpoint: "https://auth.example.com",
    appId: "an-app",
    appSecret: "a-secret",
  });
});

test.each([
  ["https://example.logto.app", "https://example.logto.app/api"],
  ["https://example.logto.app/", "https://example.logto.app/api"],
  ["https://eu.example.logto.app", "https://eu.example.logto.app/api"],
  ["https://auth.example.com", "https://default.logto.app/api"],
  ["https://auth.example.com/logto/", "https://default.logto.app/api"],
  ["http://127.0.0.1:3001", "https://default.logto.app/api"],
  ["http://example.logto.app", "https://default.logto.app/api"],
  ["https://example.logto.app.example.com", "https://default.logto.app/api"],
  ["https://logto.app", "https://default.logto.app/api"],
])("the resource of %s is %s unless told", (endpoint, resource) => {
  expect(parseCredentials(secret({ endpoint }))).toMatchObject({ resource });
});

test("the resource may be told", () => {
  const resource = "https://api.example.com/management";

  expect(parseCredentials(secret({ resource }))).toMatchObject({ resource });
});

test.each(["https://auth.example.com/", "https://auth.example.com///"])(
  "slashes at the end of %s are left off",
  (endpoint) => {
    expect(parseCredentials(secret({ endpoint })).endpoint).toBe("https://auth.example.com");
  },
);

test.each([
  ["https://example.logto.app\n", "https://example.logto.app"],
  [" https://example.logto.app\t", "https://example.logto.app"],
  ["\u00a0https://example.logto.app", "https://example.logto.app"],
  ["HTTPS://Example.LOGTO.App", "https://example.logto.app"],
  ["https://example.logto.app:443/", "https://example.logto.app"],
  ["http://auth.example.com:80", "http://auth.example.com"],
  ["https://auth.example.com:3001", "https://auth.example.com:3001"],
  ["http://[::1]:3001/", "http://[::1]:3001"],
  ["https://auth.example.com/Logto/", "https://auth.example.com/Logto"],
  ["https://auth.example.com/api/logto", "https://auth.example.com/api/logto"],
  ["https://auth.example.com/my-api", "https://auth.example.com/my-api"],
])("the endpoint %j is written %s", (endpoint, expected) => {
  expect(parseCredentials(secret({ endpoint })).endpoint).toBe(expected);
});

test.each([
  " https://example.logto.app\n",
  "HTTPS://Example.LOGTO.App/",
  "https://example.logto.app:443",
])("the resource of Logto Cloud is found however its endpoint is written: %j", (endpoint) => {
  expect(parseCredentials(secret({ endpoint })).resource).toBe("https://example.logto.app/api");
});

test("the key of the invitees' hashes is the app's secret unless told", () => {
  expect(parseCredentials(secret()).hashKey).toBe("a-secret");
  expect(parseCredentials(secret({ hashKey: "a-key" }))).toMatchObject({
    appSecret: "a-secret",
    hashKey: "a-key",
  });
});

test("a key of the hashes that is told outlives a rotation of the app's secret", () => {
  const before = parseCredentials(secret({ hashKey: "a-key" }));
  const after = parseCredentials(secret({ hashKey: "a-key", appSecret: "another-secret" }));

  expect(after.hashKey).toBe(before.hashKey);
});

test("a path in the endpoint is kept", () => {
  expect(parseCredentials(secret({ endpoint: "https://example.com/logto/" })).endpoint).toBe(
    "https://example.com/logto",
  );
});

test("fields that nobody asked for are left out", () => {
  expect(parseCredentials(secret({ note: "rotated in March" }))).not.toHaveProperty("note");
});

describe("a secret that cannot be used", () => {
  test.each([
    ["endpoint", undefined],
    ["endpoint", ""],
    ["endpoint", "k4n4ry.example.com"],
    ["endpoint", "ftp://k4n4ry.example.com"],
    ["endpoint", "javascript:k4n4ry"],
    ["endpoint", ["https://k4n4ry.example.com"]],
    ["endpoint", "https://k4n4ry@example.com"],
    ["endpoint", "https://user:k4n4ry@example.com"],
    ["endpoint", "https://:k4n4ry@example.com"],
    ["endpoint", "https://example.com?k4n4ry=1"],
    ["endpoint", "https://example.com/#k4n4ry"],
    ["endpoint", "https://k4n4ry.example.com/api"],
    ["endpoint", "https://k4n4ry.example.com/api//"],
    ["endpoint", "https://example.com/k4n4ry/api/"],
    ["endpoint", "https://"],
    ["endpoint", "http://k4n4ry example"],
    ["appId", undefined],
    ["appId", ""],
    ["appId", 42],
    ["appSecret", undefined],
    ["appSecret", ""],
    ["appSecret", null],
    ["appSecret", { value: "k4n4ry" }],
    ["resource", ""],
    ["resource", 42],
    ["hashKey", ""],
    ["hashKey", 42],
  ])("is told by its field: %s as %j", (field, value) => {
    const message = messageOf(secret({ [field]: value }));

    expect(message).toContain(`check ${field} in it`);
    expect(message).not.toContain("k4n4ry");
  });

  test("names each field once", () => {
    const message = messageOf(JSON.stringify({ endpoint: 1 }));

    expect(message).toContain("check endpoint, appId, appSecret in it");
  });

  test.each([
    ["text", "k4n4ry"],
    ["half of a JSON object", '{"appSecret":"k4n4ry"'],
    ["nothing", ""],
  ])("and is %s is said to be no JSON, and not quoted", (_what, text) => {
    const message = messageOf(text);

    expect(message).toContain("the secret is not JSON");
    expect(message).not.toContain("k4n4ry");
  });

  test.each([
    ["JSON text", '"k4n4ry"'],
    ["a JSON list", '["k4n4ry"]'],
    ["JSON null", "null"],
    ["a JSON number", "42"],
  ])("and is %s is not quoted", (_what, text) => {
    expect(messageOf(text)).not.toContain("k4n4ry");
  });

  test.each(["not JSON", secret({ endpoint: "" }), "null"])(
    "is told with what it should be, in one sentence: %s",
    (text) => {
      expect(messageOf(text)).toMatch(/it must be JSON such as \{ "endpoint".*\}\.$/);
    },
  );
});

test("fixed credentials are the same at every reading", async () => {
  const credentials = parseCredentials(secret());
  const source = fixedCredentials(credentials);

  expect(await source.get()).toBe(credentials);
  expect(await source.refresh()).toBe(credentials);
});
