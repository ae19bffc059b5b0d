import { describe, expect, test } from "vitest";
import { formatOf } from "../../../bin/publish/format.ts";

const of = (file: string, head = "") => formatOf(file, Buffer.from(head));

describe("the format of a file", () => {
  test.each([
    ["events.json", "json"],
    ["EVENTS.JSON", "json"],
    ["events.ndjson", "ndjson"],
    ["events.jsonl", "ndjson"],
    ["a.b/customers.csv", "csv"],
  ])("is what its name says: %s", (file, format) => {
    expect(of(file, "{}\n{}")).toBe(format);
  });

  test.each([
    ["a list", '[{"id": "1"}]', "json"],
    ["a list over lines", '\n[\n{"id": "1"}]', "json"],
    ["an event over lines", '{\n  "id": "1"\n}', "json"],
    ["an event on a line", '{"id": "1"}\n', "ndjson"],
    ["events on lines", '\uFEFF{"id": "1"}\r\n{"id": "2"}\r\n', "ndjson"],
    ["an event whose line does not end soon", `{"id": "${"x".repeat(70_000)}`, "json"],
    ["a header", 'invitee,"organizationId"\n', "csv"],
    ["nothing", " \n", "json"],
  ])("is what it looks like where there is no name: %s", (_, head, format) => {
    for (const file of ["-", "/dev/fd/63", "customers.txt"]) expect(of(file, head)).toBe(format);
  });

  test("has to be said where neither tells", () => {
    expect(() => of("-", "This is\nno JSON.")).toThrow(
      "standard input looks like neither JSON nor a CSV with a header: say with --format what it is.",
    );
  });
});
