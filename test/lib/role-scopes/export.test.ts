import { describe, expect, test } from "vitest";
import { DeclarationError, parseDeclaration } from "../../../lib/role-scopes/declaration.ts";
import { exportDeclaration, leftOutOfExport } from "../../../lib/role-scopes/export.ts";
import { observedOf } from "./observed.ts";

const API = "https://api.example.com";
const FILES = "https://files.example.com";

const observed = observedOf({
  resources: { [FILES]: ["read"], [API]: ["read", "write", "delete"] },
  roles: {
    writer: { [FILES]: ["read"], [API]: ["write", "read"] },
    reader: { [API]: ["read"] },
    nobody: {},
  },
});

describe("exporting what Logto holds", () => {
  test("writes a new file in the order of names", () => {
    expect(exportDeclaration(observed)).toBe(`\
# Which resource scopes each organization role holds. A resource that is not named under a role is
# not managed there. Where prune is true, a role loses the scopes of named resources that are not listed.
prune: false
roles:
  nobody: {}
  reader:
    ${API}:
      - read
  writer:
    ${API}:
      - read
      - write
    ${FILES}:
      - read
`);
  });

  test("writes the same with the line ends of Windows, whatever the comments are beside", () => {
    const text = `\
# above
roles: # the roles
  # above the reader
  reader: # the reader
    # above its resource
    ${API}: # the resource
      - write # goes
  gone: {} # goes
`;
    const windows = (unix: string) => unix.replaceAll("\n", "\r\n");
    const written = exportDeclaration(observed, text);
    expect(written).toContain("# the reader");
    expect(exportDeclaration(observed, windows(text))).toBe(windows(written));
  });

  test("begins anew in a file that is empty, and goes on from one of comments", () => {
    const text = exportDeclaration(observed);
    expect(exportDeclaration(observed, "")).toBe(text);
    expect(exportDeclaration(observed, "\n")).toBe(text);
    expect(exportDeclaration(observed, "# mine")).toBe(`# mine\n${text}`);
    expect(exportDeclaration(observedOf({ resources: {}, roles: {} }))).toContain("roles: {}");
  });

  test("gives a file back as it is when it says what Logto holds, in whatever style", () => {
    const text = `\
roles:   # ours
   writer:  {'${API}':  [ "write",read ] , "${FILES}": [read]}


   nobody:
      ${FILES}: []
      prune: yes`.replace("yes", "true");
    const whole = `${text}\n   reader: &r\n      ${API}: [read]\n`;
    expect(exportDeclaration(observed, whole)).toBe(whole);
    const windows = whole.replaceAll("\n", "\r\n");
    expect(exportDeclaration(observed, windows)).toBe(windows);
  });

  const existing = `\
# yaml-language-server: $schema=./role-scopes.schema.json

# The file's own.
prune: true # for all

# All our roles.
roles:
  # Gone from Logto.
  auditor: {}

  # Who writes.
  writer:
    # A resource that is gone.
    https://gone.example.com: [x]
    # Theirs.
    ${API}:
      # Gone from the role.
      - delete
      # How they write.
      - write # and how
      # Last.
    prune: false
  # Who reads.
  reader:
    ${API}:
      - gone # was there
      - 'read'
    ${FILES}: [read, gone] # one line
# The end.
`;

  test("keeps the comments, order and prune of what stays, and takes out what is gone", () => {
    expect(exportDeclaration(observed, existing)).toBe(`\
# yaml-language-server: $schema=./role-scopes.schema.json

# The file's own.
prune: true # for all

# All our roles.
roles:
  # Who writes.
  writer:
    # Theirs.
    ${API}:
      # How they write.
      - write # and how
      - read
      # Last.
    prune: false
    ${FILES}:
      - read
  # Who reads.
  reader:
    ${API}:
      - 'read'
    ${FILES}: [] # one line
  nobody: {}

# The end.
`);
  });

  test("writes the same when it is repeated", () => {
    const once = exportDeclaration(observed, existing);
    expect(exportDeclaration(observed, once)).toBe(once);
  });

  test.each([
    ["four spaces", "    ", "        "],
    ["lists that are not indented", "  ", "  "],
    ["lists that are", "  ", "    "],
  ])("keeps %s, and Windows' line ends", (_, one, list) => {
    const text = `roles:\n\n${one}# first\n${one}reader:\n${one}${one}${API}:\n${one}${list}- gone\n`;
    const expected = `\
roles:

${one}# first
${one}reader:
${one}${one}${API}:
${one}${list}- read
${one}nobody: {}
${one}writer:
${one}${one}${API}:
${one}${list}- read
${one}${list}- write
${one}${one}${FILES}:
${one}${list}- read
`;
    expect(exportDeclaration(observed, text)).toBe(expected);
    const windows = text.replaceAll("\n", "\r\n");
    expect(exportDeclaration(observed, windows)).toBe(expected.replaceAll("\n", "\r\n"));
  });

  test("stays JSON in a file that is JSON", () => {
    const text = JSON.stringify({ prune: true, roles: { reader: { [API]: ["gone"] } } });
    const written = exportDeclaration(observed, text);
    expect(parseDeclaration(written, "x").roles.map(({ role }) => role)).toEqual([
      "reader",
      "nobody",
      "writer",
    ]);
    expect(written).toMatch(/^\{.*\}\n$/s);
  });

  test("writes out what aliases share, where roles no longer hold the same", () => {
    const text = `\
roles:
  reader: &reader
    ${API}: &scopes [read, gone]
  writer:
    ${API}: *scopes
  nobody: *reader
`;
    expect(exportDeclaration(observed, text)).toBe(`\
roles:
  reader:
    ${API}: [read]
  writer:
    ${API}: [read, write]
    ${FILES}:
      - read
  nobody:
    ${API}: []
`);
  });

  test("quotes what YAML, also an older one, takes for something else than text", () => {
    const names = [
      "yes",
      "null",
      "1.0",
      "#x",
      "a: b",
      " x",
      "x ",
      "",
      "on",
      "~",
      "- x",
      "2026-01-01",
    ];
    const scopes = names.filter((name) => name !== "");
    const special = observedOf({
      resources: { [API]: scopes },
      roles: Object.fromEntries(scopes.map((name) => [name, { [API]: scopes }])),
    });
    const text = exportDeclaration(special);
    for (const name of scopes) expect(text).toContain(`      - ${JSON.stringify(name)}\n`);
    expect(parseDeclaration(text, "x").roles.map(({ role }) => role)).toEqual(scopes.toSorted());
  });

  test("writes a name in one line and without control characters", () => {
    const names = ["a\nb", "a long name\nof two lines", "\u001B[31m", "\u0007"];
    const special = observedOf({
      resources: { [API]: names },
      roles: { reader: { [API]: names } },
    });
    const text = exportDeclaration(special);
    expect(text.split("\n").slice(6)).toEqual([
      '      - "\\a"',
      '      - "\\e[31m"',
      '      - "a\\nb"',
      '      - "a long name\\nof two lines"',
      "",
    ]);
  });

  test("refuses a file that is no declaration, and says where", () => {
    expect(() => exportDeclaration(observed, "rolls: {}\n", "old.yml")).toThrow(DeclarationError);
    expect(() => exportDeclaration(observed, "roles: [}\n", "old.yml")).toThrow(/^old\.yml:1:/);
  });

  test("leaves out a resource that cannot be declared, and tells of those that are held", () => {
    const other = observedOf({
      resources: { documents: ["read"], files: ["read"], [API]: ["read"] },
      roles: { reader: { documents: ["read"], [API]: ["read"] } },
    });
    expect(exportDeclaration(other)).not.toContain("documents");
    expect(leftOutOfExport(other)).toEqual(["documents"]);
    expect(leftOutOfExport(observed)).toEqual([]);
  });

  test("leaves out a scope whose resource was not there when resources were read", () => {
    const { roles, resources } = observed;
    const later = { roles, resources: resources.filter(({ indicator }) => indicator === API) };
    expect(exportDeclaration(later)).not.toContain(FILES);
    expect(leftOutOfExport(later)).toEqual([]);
  });
});
