import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { contractFiles } from "../../../deploy/contract/files.ts";
import { eventTypes } from "../../../lib/events/event.ts";
import { parseEventBody } from "../../../lib/events/parse.ts";
import { schemaValidators } from "./validators.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const samplesIn = (directory: string): readonly string[] =>
  readdirSync(join(root, directory))
    .filter((file) => file.endsWith(".json"))
    .map((file) => `${directory}/${file}`);

describe("the files of the contract", () => {
  test.each(Object.entries(contractFiles()))("%s is what npm run contract writes", (path, text) =>
    expect(read(path), "it is stale: npm run contract").toBe(text),
  );

  test("are all there are: no schema is left of a type that is gone", () => {
    const generated = Object.keys(contractFiles()).filter((path) => path.includes("/schemas/"));
    expect(
      readdirSync(join(root, "events/schemas"))
        .map((file) => `events/schemas/${file}`)
        .toSorted(),
    ).toEqual(generated.toSorted());
  });
});

describe("the samples and the schemas", () => {
  const validators = schemaValidators();

  test.each(samplesIn("events"))("%s is valid", (file) => {
    const event = JSON.parse(read(file));
    expect(validators[event.type]?.(event)).toBe(true);
  });

  test("every type has a sample", () => {
    const types = samplesIn("events").map((file) => JSON.parse(read(file)).type);
    expect(new Set(types)).toEqual(new Set(eventTypes));
  });

  test.each(samplesIn("events/rejected"))("%s is valid only if the parser takes it", (file) => {
    const event = JSON.parse(read(file));
    const isValid = validators[event.type]?.(event) ?? false;
    expect(isValid).toBe(parseEventBody(read(file)).ok);
  });
});
