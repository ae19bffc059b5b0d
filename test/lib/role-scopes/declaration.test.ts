import { describe, expect, test } from "vitest";
import {
  type Declaration,
  DeclarationError,
  parseDeclaration,
} from "../../../lib/role-scopes/declaration.ts";

const parse = (text: string): Declaration => parseDeclaration(text, "roles.yml");

/** What is wrong with a text, line by line. */
function mistakes(text: string): readonly string[] {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof DeclarationError) return error.message.split("\n");
    throw error;
  }
  return [];
}

const API = "https://api.example.com";

describe("a declaration", () => {
  test("names roles, resources and scopes, in its own order", () => {
    const text = `\
# yaml-language-server: $schema=./role-scopes.schema.json
roles:
  writer:
    ${API}:
      - write
      - read
    urn:example:files: []
  reader:
    ${API}: [read]
  nobody: {}
`;
    expect(parse(text)).toEqual({
      roles: [
        {
          role: "writer",
          prune: false,
          resources: new Map([
            [API, ["write", "read"]],
            ["urn:example:files", []],
          ]),
        },
        { role: "reader", prune: false, resources: new Map([[API, ["read"]]]) },
        { role: "nobody", prune: false, resources: new Map() },
      ],
    });
  });

  test.each([
    ["", [false, true, false]],
    ["prune: false\n", [false, true, false]],
    ["prune: true\n", [true, true, false]],
  ])("prunes as the file says, and as a role says over it: %j", (prune, expected) => {
    const text = `${prune}roles:\n  a: {}\n  b: { prune: true }\n  c: { prune: false }\n`;
    expect(parse(text).roles.map((role) => role.prune)).toEqual(expected);
  });

  test("may declare no role", () => {
    expect(parse("roles: {}\n")).toEqual({ roles: [] });
  });

  test("may be JSON, have Windows' line ends, or begin with a byte order mark", () => {
    const one = { roles: [{ role: "a", prune: false, resources: new Map([[API, ["x"]]]) }] };
    expect(parse(JSON.stringify({ roles: { a: { [API]: ["x"] } } }))).toEqual(one);
    expect(parse(`roles:\r\n  a:\r\n    ${API}:\r\n      - x\r\n`)).toEqual(one);
    expect(parse(`\uFEFFroles: { a: { ${API}: [x] } }`)).toEqual(one);
  });

  test.each([
    "yes",
    "no",
    "prune",
    "roles",
    "__proto__",
    "constructor",
    "- x",
    "1.0x",
    "管理者",
    "🦊".repeat(128),
  ])("may name a role and a scope %s", (name) => {
    const text = `roles:\n  ${JSON.stringify(name)}:\n    ${API}: [${JSON.stringify(name)}]\n`;
    expect(parse(text).roles).toEqual([
      { role: name, prune: false, resources: new Map([[API, [name]]]) },
    ]);
  });

  test("may share what several roles hold behind an anchor", () => {
    const text = `\
roles:
  a: { ${API}: &both [read, write] }
  b: &b { ${API}: *both }
  c: *b
  d: { ${API}: &both [other] }
  e: { ${API}: *both }
`;
    expect(parse(text).roles.map(({ resources }) => resources.get(API))).toEqual([
      ["read", "write"],
      ["read", "write"],
      ["read", "write"],
      ["other"],
      ["other"],
    ]);
  });
});

describe("a mistake in a declaration is told in a sentence, with its line and column", () => {
  const role = (lines: string): string => `roles:\n  a:\n${lines}\n`;

  test.each([
    ["an empty file", "", "roles.yml:1:1: it is empty: write roles: {} to declare none."],
    [
      "nothing but comments",
      "# x\n",
      "roles.yml:1:1: it is empty: write roles: {} to declare none.",
    ],
    ["a list", "- a\n", "roles.yml:1:1: expected prune and roles, and there is something else."],
    [
      "no roles",
      "\nprune: true\n",
      "roles.yml:1:1: roles is missing: write roles: {} to declare none.",
    ],
    [
      "roles that are absent",
      "roles:\n",
      "roles.yml:1:1: expected roles by their names, or {} for none, and there is nothing.",
    ],
    [
      "roles that are a list",
      "roles:\n  - a\n",
      "roles.yml:2:3: expected roles by their names, or {} for none, and there is something else.",
    ],
    [
      "an unknown key",
      "roles: {}\npurne: true\n",
      'roles.yml:2:1: "purne" is not known here: there are prune and roles.',
    ],
    [
      "prune that is no boolean",
      "prune: yes\nroles: {}\n",
      "roles.yml:1:8: prune must be true or false.",
    ],
    ["prune that is absent", "prune:\nroles: {}\n", "roles.yml:1:1: prune must be true or false."],
    [
      "a role that is absent",
      "roles:\n  a:\n",
      "roles.yml:2:3: expected resource indicators and prune, or {} for neither, and there is nothing.",
    ],
    [
      "a role that is text",
      "roles: { a: x }\n",
      "roles.yml:1:13: expected resource indicators and prune, or {} for neither, and there is something else.",
    ],
    [
      "an unknown key of a role",
      role("    purne: true"),
      'roles.yml:3:5: "purne" is neither prune nor a resource indicator: that is an absolute URI such as https://api.example.com.',
    ],
    [
      "a resource by its name",
      role("    Documents: [read]"),
      'roles.yml:3:5: "Documents" is neither prune nor a resource indicator: that is an absolute URI such as https://api.example.com.',
    ],
    [
      "prune of a role that is no boolean",
      role("    prune: 1"),
      "roles.yml:3:12: prune must be true or false.",
    ],
    [
      "a list that is absent",
      role(`    ${API}:`),
      `roles.yml:3:5: "${API}" has no list, and absent is not empty: write [] for none.`,
    ],
    [
      "a list that is null",
      role(`    ${API}: ~`),
      `roles.yml:3:5: "${API}" has no list, and absent is not empty: write [] for none.`,
    ],
    [
      "text for a list",
      role(`    ${API}: read`),
      `roles.yml:3:30: "${API}" must have a list of scopes.`,
    ],
    [
      "a scope that YAML takes for a number",
      role(`    ${API}: [read, 1.0]`),
      'roles.yml:3:37: a scope must be text: put it in quotes, "1.0".',
    ],
    [
      "a scope that is absent",
      role(`    ${API}:\n      -\n      - read`),
      "roles.yml:4:8: a scope must be text.",
    ],
    [
      "a scope that is a map",
      role(`    ${API}:\n      - read: true`),
      "roles.yml:4:9: a scope must be text.",
    ],
    [
      "a scope without characters",
      role(`    ${API}: [""]`),
      "roles.yml:3:31: the name of a scope must have 1 to 256 characters.",
    ],
    [
      "a role whose name is too long",
      `roles:\n  ${"x".repeat(129)}: {}\n`,
      "roles.yml:2:3: the name of a role must have 1 to 128 characters.",
    ],
    [
      "a scope that is named twice",
      role(`    ${API}:\n      - read\n      - "read"`),
      'roles.yml:5:9: "read" is in this list twice: keep one.',
    ],
    [
      "a role that is declared twice",
      "roles:\n  a: {}\n  b: {}\n  'a': {}\n",
      'roles.yml:4:3: "a" is there twice, first in line 2: keep one.',
    ],
    [
      "a resource that is named twice",
      role(`    ${API}: []\n    ${API}: [read]`),
      `roles.yml:4:5: "${API}" is there twice, first in line 3: keep one.`,
    ],
    [
      "a role whose name YAML takes for a number",
      "roles:\n  007: {}\n",
      'roles.yml:2:3: a name must be text: put it in quotes, "007".',
    ],
    [
      "a role whose name is a list",
      "roles:\n  ? [a]\n  : {}\n",
      "roles.yml:2:5: a name must be text.",
    ],
    [
      "an alias of nothing",
      role(`    ${API}: *both`),
      "roles.yml:3:5: its value is an alias, and no anchor before it has that name.",
    ],
    [
      "an alias of what it is in",
      role(`    ${API}: &a [*a]`),
      "roles.yml:3:34: a scope must be text.",
    ],
    [
      "a merge key of an older YAML",
      "%YAML 1.1\n---\nroles:\n  <<: {}\n",
      'roles.yml:4:3: a name must be text: put it in quotes, "<<".',
    ],
    [
      "a tag that nobody knows",
      "roles: !roles {}\n",
      "roles.yml:1:8: this cannot be read (unresolved tag: !roles).",
    ],
    [
      "a second document",
      "roles: {}\n---\nroles: {}\n",
      "roles.yml:2:1: this cannot be read (the file holds several documents, keep one).",
    ],
    [
      "a tab for indentation",
      "roles:\n\ta: {}\n",
      "roles.yml:2:1: this cannot be read (tabs are not allowed as indentation).",
    ],
    [
      "an order to the terminal in a name",
      'roles: {}\n"\\e[31m": 1\n',
      'roles.yml:2:1: "\\u{1b}[31m" is not known here: there are prune and roles.',
    ],
  ])("%s", (_, text, mistake) => {
    expect(mistakes(text)).toEqual([mistake]);
  });

  test("every one of them, in the order of the file", () => {
    const text = `\
purne: true
roles:
  reader:
    ${API}:
    Documents: []
  writer: { prune: maybe }
  reader: {}
`;
    expect(mistakes(text)).toEqual([
      'roles.yml:1:1: "purne" is not known here: there are prune and roles.',
      `roles.yml:4:5: "${API}" has no list, and absent is not empty: write [] for none.`,
      'roles.yml:5:5: "Documents" is neither prune nor a resource indicator: that is an absolute URI such as https://api.example.com.',
      "roles.yml:6:20: prune must be true or false.",
      'roles.yml:7:3: "reader" is there twice, first in line 3: keep one.',
    ]);
  });

  test("twenty of them, and how many more there are", () => {
    const roles = Array.from({ length: 30 }, (_, index) => `  role-${index}: x\n`).join("");
    const told = mistakes(`roles:\n${roles}`);
    expect(told).toHaveLength(21);
    expect(told.at(-1)).toBe("… and 10 more.");
  });

  test("once, however many aliases lead to it", () => {
    expect(mistakes(`roles: { a: &a { ${API}: [1] }, b: *a, c: *a }`)).toHaveLength(1);
  });
});

describe("a text that would take a machine down is refused", () => {
  test("aliases that multiply", () => {
    const many = Array.from({ length: 1000 }, (_, index) => index);
    const text = `\
roles:
  first: &role
    urn:x:0: &scopes [${many.map((index) => `s${index}`).join(", ")}]
${many.map((index) => `    urn:y:${index}: *scopes`).join("\n")}
${many.map((index) => `  role-${index}: *role`).join("\n")}
`;
    const told = mistakes(text);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/: more than 100000 names are declared: split the file\.$/);
  });

  test.each([
    ["lists", "[".repeat(100_000)],
    ["maps", Array.from({ length: 2000 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join("")],
  ])("%s nested too deeply", (_, text) => {
    expect(mistakes(text).join("\n")).toContain("this cannot be read (it is nested too deeply).");
  });
});
