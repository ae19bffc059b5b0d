import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { DeclarationError, parseDeclaration } from "../../../lib/role-scopes/declaration.ts";
import { EMPTY_DECLARATION } from "../../../lib/role-scopes/export.ts";

const schemaFile = new URL("../../../role-scopes.schema.json", import.meta.url);
const validate = new Ajv({ strict: true }).compile(JSON.parse(readFileSync(schemaFile, "utf8")));

const schemaTakes = (text: string): boolean => validate(parse(text));

function parserTakes(text: string): boolean {
  try {
    parseDeclaration(text, "role-scopes.yml");
    return true;
  } catch (error) {
    if (error instanceof DeclarationError) return false;
    throw error;
  }
}

const verdicts = (text: string) => ({ parser: parserTakes(text), schema: schemaTakes(text) });

const API = "https://api.example.com";
const role = (lines: string): string => `roles: { a: ${lines} }`;

describe("role-scopes.schema.json and the parser", () => {
  test.each([
    EMPTY_DECLARATION,
    "roles: {}",
    "prune: true\nroles: { a: {}, b: { prune: false } }",
    role(`{ ${API}: [read, write], urn:example:files: [] }`),
    role(`{ ${API}: ["yes", "null", "1.0", " x", "#", "a: b"] }`),
    role(`{ ${API}: [${"🦊".repeat(256)}] }`),
    `roles: { ${"🦊".repeat(128)}: {}, "1.0": {} }`,
    "roles: { a: &a {}, b: *a }",
  ])("both take %j", (text) => {
    expect(verdicts(text)).toEqual({ parser: true, schema: true });
  });

  test.each([
    "[]",
    "x",
    "prune: true",
    "roles:",
    "roles: []",
    "roles: {}\nother: 1",
    "prune: yes\nroles: {}",
    "prune:\nroles: {}",
    'roles: { "": {} }',
    `roles: { ${"x".repeat(129)}: {} }`,
    role(""),
    role("[]"),
    role("{ purne: true }"),
    role("{ prune: 1 }"),
    role("{ prune: }"),
    role("{ api.example.com: [] }"),
    role('{ "https://api example.com": [] }'),
    role('{ "https://api.example.com\\u0007": [] }'),
    role('{ "https://api.example.com\\u0085": [] }'),
    role('{ "https://api.example.com\\u2028": [] }'),
    role(`{ ${API}: }`),
    role(`{ ${API}: read }`),
    role(`{ ${API}: { read: true } }`),
    role(`{ ${API}: [1] }`),
    role(`{ ${API}: [null] }`),
    role(`{ ${API}: [""] }`),
    role(`{ ${API}: [${"x".repeat(257)}] }`),
    role(`{ ${API}: [read, read] }`),
  ])("neither takes %j", (text) => {
    expect(verdicts(text)).toEqual({ parser: false, schema: false });
  });

  test("agree on whatever else is written", () => {
    const name = fc.oneof(
      fc.constantFrom("a", "prune", "roles", API, "urn:x", "x:", ":x", "https://a b", "1.0", ""),
      fc.string({ unit: "binary", maxLength: 3 }).map((text) => `urn:${text}`),
      fc.string({ unit: "binary", maxLength: 3 }),
    );
    const scalar = fc.oneof(name, fc.boolean(), fc.constant(null), fc.integer());
    const scopes = fc.oneof(fc.array(name, { maxLength: 3 }), fc.array(scalar, { maxLength: 2 }));
    const anyOf = (good: fc.Arbitrary<unknown>) => fc.oneof({ weight: 8, arbitrary: good }, scalar);
    const resources = fc.dictionary(name, anyOf(scopes), { maxKeys: 3 });
    const roles = fc.dictionary(name, anyOf(resources), { maxKeys: 3 });
    const file = fc.oneof(
      { weight: 8, arbitrary: fc.record({ roles: anyOf(roles), prune: anyOf(fc.boolean()) }) },
      fc.dictionary(name, anyOf(roles), { maxKeys: 2 }),
    );
    let taken = 0;
    fc.assert(
      fc.property(file, (content) => {
        const { parser, schema } = verdicts(JSON.stringify(content));
        expect(parser).toBe(schema);
        if (parser) taken += 1;
      }),
      { numRuns: 500 },
    );
    expect(taken).toBeGreaterThan(0);
  });
});
