import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { derivedSettings } from "../../deploy/derived-settings.ts";

const read = (...path: readonly string[]) =>
  readFileSync(join(import.meta.dirname, "..", "..", ...path), "utf8");

const page = read("docs", "deploying.md");

/** A section of the page, by its heading. */
const section = (heading: string): string =>
  page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";

/** The rows of a section's first table, without its heading. */
const rows = (heading: string): readonly (readonly string[])[] =>
  section(heading)
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(1)
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map((cells) => cells.slice(1, -1));

const inCode = (text: string): readonly string[] =>
  [...text.matchAll(/`(?<code>[^`]+)`/g)].map(({ groups }) => groups?.["code"] ?? "");

const asText = (value: unknown): string => (value === "" ? "-" : `\`${value}\``);

describe("docs/deploying.md", () => {
  const { params } = parse(read("serverless.yml"), { logLevel: "error" });
  const { default: defaults, ...stages } = params;

  test("has every parameter of serverless.yml with its default", () => {
    const told = rows("Parameters").map(([name, value]) => [name, value]);
    const declared = Object.entries(defaults).map(([name, value]) => [
      `\`${name}\``,
      asText(value),
    ]);
    expect(told.toSorted()).toEqual(declared.toSorted());
  });

  test("says the unit of each, and what it decides", () => {
    for (const row of rows("Parameters")) {
      expect(row, row[0]).toHaveLength(4);
      for (const cell of row) expect(cell, row[0]).not.toBe("");
    }
  });

  test("says in what the stages differ", () => {
    const paragraph =
      section("Parameters")
        .split("\n\n")
        .find((text) => text.includes("differ without")) ?? "";
    const told = Object.fromEntries(
      paragraph
        .split(":")
        .at(-1)
        ?.split(";")
        .map((sentence) => inCode(sentence))
        .map(([stage = "", ...pairs]) => [stage, pairs]) ?? [],
    );
    const declared = Object.entries<Record<string, unknown>>(stages).map(([stage, own]) => [
      stage,
      Object.entries(own).flat().map(String),
    ]);
    expect(told).toEqual(Object.fromEntries(declared));
  });

  test("has every alarm, and no other", () => {
    const names = [...read("deploy", "resources", "alarms.yml").matchAll(/AlarmName: (?<name>.*)/g)]
      .map(({ groups }) => groups?.["name"] ?? "")
      .map((name) => name.replace(`${"$"}{self:service}-${"$"}{sls:stage}-`, ""));
    const told = rows("What it watches").flatMap(([alarms = ""]) => inCode(alarms));
    expect(told.toSorted()).toEqual(names.toSorted());
    expect(names.length).toBeGreaterThan(10);
  });
});

describe("docs/decisions.md", () => {
  test("has the request burst of a deployment, and that of whoever is told nothing", () => {
    const { default: defaults } = parse(read("serverless.yml"), { logLevel: "error" }).params;
    const divided = Object.entries(derivedSettings(defaults))
      .filter(([name]) => name.endsWith(".burst"))
      .reduce((sum, [, burst]) => sum + burst, 0);
    const untold = /"LOGTO_REQUEST_BURST", wholeNumber\(1\), (?<burst>\d+)/.exec(
      read("lib", "logto", "configured-client.ts"),
    )?.groups?.["burst"];

    const told = read("docs", "decisions.md").replaceAll("\n", " ");
    expect(told).toContain(`\`logtoRequestBurst\`, ${defaults.logtoRequestBurst}, among`);
    expect(told).toContain(`rounding leaves ${divided}.`);
    expect(told).toContain(`stays at ${untold}:`);
  });
});
