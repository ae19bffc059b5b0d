import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DEAD_LETTER_REASONS } from "../../../lib/dead-letters/reasons.ts";
import { meaningRows } from "../../../lib/logto/meanings.ts";

test("every reason of the page, and every meaning of an answer of Logto, is a known reason", () => {
  const page = readFileSync("docs/dead-letters.md", "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith("| `"));
  const documented = rows.flatMap((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/`([a-z-]+)`/g)].map(([, reason]) => reason),
  );
  expect(documented.length).toBeGreaterThan(15);
  expect(DEAD_LETTER_REASONS).toEqual(expect.arrayContaining(documented));
  expect(DEAD_LETTER_REASONS).toEqual(
    expect.arrayContaining(meaningRows.map(({ meaning }) => meaning)),
  );
});
