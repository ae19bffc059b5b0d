import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { DeclarationError, parseDeclaration } from "../../../lib/role-scopes/declaration.ts";
import { anyCase, textOf } from "./generated.ts";

describe("the parser, given any text,", () => {
  const takesOrTells = (text: string): void => {
    try {
      parseDeclaration(text, "roles.yml");
    } catch (error) {
      expect(error).toBeInstanceOf(DeclarationError);
      for (const line of String(error).replace("DeclarationError: ", "").split("\n")) {
        expect(line).toMatch(/^(?:roles\.yml:\d+:\d+: \S.*\.|… and \d+ more\.)$/u);
      }
    }
  };

  const valid = anyCase(true).map(([, file]) => textOf(file));
  const YAML_PARTS = [
    "\n",
    "  ",
    "\t",
    "- ",
    ": ",
    "#",
    "&a ",
    "*a ",
    "!!",
    "? ",
    "|",
    ">",
    "{",
    "}",
  ];
  const part = fc.oneof(
    fc.constantFrom(
      ...YAML_PARTS,
      "[",
      "]",
      ",",
      "'",
      '"',
      "---\n",
      "...",
      "%YAML 1.1\n",
      "<<: ",
      "~",
    ),
    fc.string({ unit: "binary", maxLength: 4 }),
  );

  test.each([
    ["of any characters", fc.string({ unit: "binary", maxLength: 200 })],
    ["of parts of YAML", fc.array(part, { maxLength: 40 }).map((parts) => parts.join(""))],
    ["of any value", fc.anything().map((value) => stringify(value) ?? "")],
    ["of any JSON", fc.json()],
    [
      "that was valid and is broken somewhere",
      fc
        .tuple(
          valid,
          fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), part, fc.nat(5))),
        )
        .map(([text, cuts]) =>
          cuts.reduce((broken, [where, inserted, removed]) => {
            const at = Math.floor(where * broken.length);
            return broken.slice(0, at) + inserted + broken.slice(at + removed);
          }, text),
        ),
    ],
  ])("%s, takes it or tells what is wrong and where", (_, texts) => {
    fc.assert(fc.property(texts, takesOrTells), { numRuns: 200 });
  });
});
