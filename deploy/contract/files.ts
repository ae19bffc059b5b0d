import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { eventTypes } from "../../lib/events/event.ts";
import { asyncApiDocument, type Example } from "./asyncapi.ts";
import { eventSchema } from "./event-schema.ts";

const events = join(import.meta.dirname, "..", "..", "events");

/** The generated files of the contract: their text by their path from the project's root. */
export function contractFiles(): Readonly<Record<string, string>> {
  const schemas = eventTypes.map((type) => [
    `events/schemas/${type}.schema.json`,
    `${JSON.stringify(eventSchema(type), null, 2)}\n`,
  ]);
  return {
    ...Object.fromEntries(schemas),
    "events/asyncapi.yaml": asyncApiDocument(sampleEvents()),
  };
}

/** The samples of `events/` that are carried out; those that are rejected are in a directory below. */
function sampleEvents(): readonly Example[] {
  return readdirSync(events)
    .filter((file) => file.endsWith(".json"))
    .toSorted()
    .map((file) => ({
      name: file.slice(0, -".json".length),
      payload: JSON.parse(readFileSync(join(events, file), "utf8")),
    }));
}
