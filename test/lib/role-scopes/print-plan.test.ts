import { describe, expect, test } from "vitest";
import { parseDeclaration } from "../../../lib/role-scopes/declaration.ts";
import { plan } from "../../../lib/role-scopes/plan.ts";
import { printPlan } from "../../../lib/role-scopes/print-plan.ts";
import { observedOf, type TenantWords } from "./observed.ts";

const API = "https://api.example.com";
const FILES = "https://files.example.com";

const tenant: TenantWords = {
  resources: { [API]: ["read", "write", "delete"], [FILES]: ["read", "write"] },
  roles: {
    admin: { [API]: ["read", "delete"], [FILES]: ["read", "write"] },
    reader: { [API]: ["read"] },
    "two words": {},
    "\u001B[2J": {},
  },
};

const printed = (declared: string, colors = false): string =>
  printPlan(plan(parseDeclaration(declared, "roles.yml"), observedOf(tenant)), { colors });

describe("a plan is printed", () => {
  test("with what changes, what is left alone, what is not known, and the sum", () => {
    const declared = `\
roles:
  admin: { prune: true, ${API}: [read, write] }
  two words: { ${API}: [read, raed] }
  reader: { https://gone.example.com: [x] }
  auditor: {}
`;
    expect(printed(declared)).toBe(`\
~ admin
    + ${API} write
    - ${API} delete
~ "two words"
    + ${API} read

Not managed, and left as it is:
    admin: ${FILES} read, write
    reader: ${API} read
    roles not declared: "\\u{1b}[2J"

Not in Logto: correct the name, or create it there first.
    scope raed of ${API}, under the role "two words"
    resource https://gone.example.com, under the role reader
    role auditor

Plan: 2 to assign, 1 to remove, in 2 roles. 1 role unchanged. 3 names not in Logto.`);
  });

  test("in one line when there is nothing to tell", () => {
    const declared = `\
roles:
  admin: { ${API}: [read, delete], ${FILES}: [read, write] }
  reader: { ${API}: [read] }
  two words: {}
  "\\e[2J": {}
`;
    expect(printed(declared)).toBe("No changes: 4 roles as declared.");
  });

  test.each([
    [
      "roles: { reader: { https://api.example.com: [write] } }",
      "Plan: 1 to assign, 0 to remove, in 1 role.",
    ],
    ["roles: { auditor: {} }", "Plan: 0 to assign, 0 to remove, in 0 roles. 1 name not in Logto."],
    ["roles: {}", "No changes: 0 roles as declared."],
  ])("and its last line sums it up: %s", (declared, line) => {
    expect(printed(declared).split("\n").at(-1)).toBe(line);
  });

  test("in colours only where they are asked for", () => {
    const declared = `roles: { admin: { prune: true, ${API}: [write, read] } }`;
    expect(printed(declared, true)).toContain(`\u001B[32m    + ${API} write\u001B[39m`);
    expect(printed(declared, true)).toContain(`\u001B[31m    - ${API} delete\u001B[39m`);
    expect(printed(declared)).not.toContain("\u001B");
  });
});
